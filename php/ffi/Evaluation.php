<?php

declare(strict_types=1);

namespace QueueAutoscale;

use QueueAutoscale\Native\Row;

/** What one turn led to. */
final class Evaluation
{
    /** @param array{decisions: array{columns: list<string>, rows: list<list<mixed>>}, errors: list<string>} $row */
    private function __construct(
        private readonly array $row,
    ) {
    }

    /** @return array<string, ScalingDecision> by "connection:queues" */
    public function decisions(): array
    {
        return Row::all(ScalingDecision::class, $this->row['decisions']);
    }

    /** @return list<string> rows of the metrics that could not be used; their pools keep their workers */
    public function errors(): array
    {
        return $this->row['errors'];
    }
}
