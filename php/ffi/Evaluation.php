<?php

declare(strict_types=1);

namespace QueueAutoscale;

use QueueAutoscale\Native\Row;

/** What one turn led to. */
final class Evaluation
{
    /** @param array{decisions: list<array<string, mixed>>, errors: list<string>} $row */
    private function __construct(
        private readonly array $row,
    ) {
    }

    /** @return array<string, ScalingDecision> by "connection:queues" */
    public function decisions(): array
    {
        $decisions = [];

        foreach ($this->row['decisions'] as $row) {
            $decisions["{$row['connection']}:{$row['queues']}"] = Row::make(ScalingDecision::class, $row);
        }

        return $decisions;
    }

    /** @return list<string> rows of the metrics that could not be used; their pools keep their workers */
    public function errors(): array
    {
        return $this->row['errors'];
    }
}
