<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Manager;

use Illuminate\Cache\ArrayStore;
use Illuminate\Cache\Repository;
use Illuminate\Contracts\Cache\Repository as Cache;
use PHPUnit\Framework\Attributes\TestWith;
use QueueAutoscale\Laravel\Manager\RestartSignal;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use RuntimeException;

final class RestartSignalTest extends FeatureTestCase
{
    #[TestWith(['queue:restart'])]
    #[TestWith(['queue:autoscale:restart'])]
    public function test_it_is_given_by_either_command(string $command): void
    {
        $signal = $this->app->make(RestartSignal::class);
        self::assertFalse($signal->isRequested());

        $this->artisan($command);

        self::assertTrue($signal->isRequested());
    }

    public function test_a_restart_before_the_manager_started_is_no_signal(): void
    {
        $this->artisan('queue:autoscale:restart');

        self::assertFalse($this->app->make(RestartSignal::class)->isRequested());
    }

    public function test_a_cache_that_cannot_be_read_ends_no_manager(): void
    {
        $cache = new Repository(new class extends ArrayStore {
            public bool $isBroken = false;

            public function get($key)
            {
                return $this->isBroken ? throw new RuntimeException('no cache') : parent::get($key);
            }
        });
        $this->app->instance(Cache::class, $cache);
        $signal = $this->app->make(RestartSignal::class);

        $cache->getStore()->isBroken = true;

        self::assertFalse($signal->isRequested());
    }

    public function test_a_manager_that_started_without_its_cache_hears_the_restarts_after_the_first_reading(): void
    {
        $cache = new Repository(new class extends ArrayStore {
            public bool $isBroken = true;

            public function get($key)
            {
                return $this->isBroken ? throw new RuntimeException('no cache') : parent::get($key);
            }
        });
        $cache->forever(RestartSignal::AUTOSCALE_RESTART_KEY, 1.0);
        $signal = new RestartSignal($cache);
        self::assertFalse($signal->isRequested());

        $cache->getStore()->isBroken = false;
        self::assertFalse($signal->isRequested());

        $cache->forever(RestartSignal::AUTOSCALE_RESTART_KEY, 2.0);
        self::assertTrue($signal->isRequested());
    }
}
