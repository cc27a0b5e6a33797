<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use Illuminate\Support\Carbon;
use QueueAutoscale\Tests\Support\ApplicationTestCase;

/** Looks at one part of the package at a time, inside the real application. */
abstract class FeatureTestCase extends ApplicationTestCase
{
    protected function environment(): array
    {
        return [...parent::environment(), 'CACHE_STORE' => 'array'];
    }

    protected function tearDown(): void
    {
        Carbon::setTestNow();
        parent::tearDown();
    }

    /** For whatever asks Laravel what time it is, the cache store `array` among it. */
    protected function letPass(int $seconds): void
    {
        Carbon::setTestNow(Carbon::now()->addSeconds($seconds));
    }

    /** @param array<string, mixed> $values by key, for example `queues.emails` */
    protected function configure(array $values): void
    {
        foreach ($values as $key => $value) {
            config()->set("queue-autoscale.{$key}", $value);
        }
    }
}
