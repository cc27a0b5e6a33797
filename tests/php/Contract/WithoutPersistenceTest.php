<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Contract;

final class WithoutPersistenceTest extends SwitchedOffTestCase
{
    protected function environment(): array
    {
        return [...parent::environment(), 'QUEUE_METRICS_PERSISTENCE' => 'false'];
    }
}
