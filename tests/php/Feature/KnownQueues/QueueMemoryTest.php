<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\KnownQueues;

use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\Cache as Caches;
use QueueAutoscale\Laravel\KnownQueues\QueueMemory;
use QueueAutoscale\Laravel\KnownQueues\QueueName;
use QueueAutoscale\Tests\Feature\FeatureTestCase;

final class QueueMemoryTest extends FeatureTestCase
{
    private const DAY_SECONDS = 86_400;

    public function test_a_name_is_forgotten_thirty_days_after_its_last_sign_of_life(): void
    {
        $memory = $this->memory();
        $memory->renew([new QueueName('redis', 'old'), new QueueName('redis', 'emails:high')]);
        $this->letPass(29 * self::DAY_SECONDS);
        $memory->renew([new QueueName('redis', 'emails:high')]);
        $this->letPass(2 * self::DAY_SECONDS);

        self::assertEquals(['redis:emails:high' => new QueueName('redis', 'emails:high')], $memory->names());
    }

    public function test_names_that_were_lost_with_the_cache_come_back(): void
    {
        $memory = $this->memory();
        $names = ['redis:emails' => new QueueName('redis', 'emails')];
        self::assertTrue($memory->note($names));
        Caches::forget('queue-autoscale:queues');
        $this->letPass(601);

        self::assertTrue($memory->note($names));
        self::assertCount(1, $memory->names());
    }

    public function test_whatever_else_stands_in_its_place_is_passed_over(): void
    {
        $now = Carbon::now()->getTimestamp();
        Caches::put('queue-autoscale:queues', ['a', ['redis'], ['redis', 'emails', 'yesterday'], ['redis', 'emails', $now]], 60);

        self::assertSame(['redis:emails'], array_keys($this->memory()->names()));
    }

    public function test_a_lock_that_another_process_keeps_is_not_waited_for_long(): void
    {
        $lock = Caches::lock('queue-autoscale:queues:lock', 10);
        self::assertTrue($lock->get());
        $startedAt = hrtime(true);

        self::assertFalse($this->memory()->note(['redis:emails' => new QueueName('redis', 'emails')]));
        self::assertLessThan(1.0, (hrtime(true) - $startedAt) / 1e9);

        $lock->release();
        self::assertTrue($this->memory()->note(['redis:emails' => new QueueName('redis', 'emails')]));
    }

    private function memory(): QueueMemory
    {
        return new QueueMemory($this->app->make(Cache::class));
    }
}
