<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Events;

use QueueAutoscale\ScalingDecision;

/** An event about one decision. It can be queued and broadcast. */
abstract class DecisionEvent
{
    final public function __construct(public readonly ScalingDecision $decision)
    {
    }

    /** @return array{decision: array<string, mixed>} */
    final public function __serialize(): array
    {
        return ['decision' => $this->decision->toArray()];
    }

    /** @param array{decision: array<string, mixed>} $data */
    final public function __unserialize(array $data): void
    {
        $this->decision = ScalingDecision::fromArray($data['decision']);
    }
}
