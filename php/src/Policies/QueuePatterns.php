<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Policies;

use Illuminate\Support\Str;
use QueueAutoscale\ScalingDecision;

/**
 * The queues that a policy is about.
 *
 * @internal
 */
final readonly class QueuePatterns
{
    /** @param list<string> $patterns "emails", "redis:emails", "tenant-*"; none for all queues */
    public function __construct(private array $patterns)
    {
    }

    public function fit(ScalingDecision $decision): bool
    {
        return $this->patterns === []
            || Str::is($this->patterns, $decision->queues)
            || Str::is($this->patterns, $decision->key());
    }
}
