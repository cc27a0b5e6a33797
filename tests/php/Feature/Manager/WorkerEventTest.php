<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Manager;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Manager\WorkerEvent;

final class WorkerEventTest extends TestCase
{
    private const NAME = ['connection' => 'redis', 'queues' => 'emails', 'worker' => 1, 'pid' => 7];

    /** @return array<string, array{array<string, mixed>, string}> */
    public static function events(): array
    {
        return [
            'a crash' => [
                ['type' => 'worker_crashed', 'exit_code' => 255, 'signal' => null, 'output_tail' => [], 'restart_in_seconds' => 2.0],
                'Worker 7 of redis:emails crashed with exit code 255, its place is filled in 2.0 s',
            ],
            'a crash by a signal' => [
                ['type' => 'worker_crashed', 'exit_code' => null, 'signal' => 9, 'output_tail' => ['a', 'bye'], 'restart_in_seconds' => 0.0],
                'Worker 7 of redis:emails was killed by signal 9, its place is filled in 0.0 s: bye',
            ],
            'a kill' => [
                ['type' => 'worker_killed', 'reason' => 'drain_timeout', 'late_seconds' => 0.01],
                'Worker 7 of redis:emails was killed: drain timeout',
            ],
            'a stuck worker' => [['type' => 'worker_stuck', 'reason' => 'it was stopped'], 'Worker 7 of redis:emails is stuck: it was stopped'],
            'output' => [['type' => 'output_line', 'line' => 'hello'], '7: hello'],
            'the pause' => [['type' => 'paused'], 'Paused: no worker is started or taken away until SIGCONT.'],
            'its end' => [['type' => 'resumed'], 'Going on.'],
            'the end' => [['type' => 'stop_requested', 'signal' => 15], 'Signal 15 asks to end.'],
            'readiness' => [
                ['type' => 'worker_ready', 'boot_seconds' => 0.25],
                'Worker 7 of redis:emails: worker ready {"boot_seconds":0.25}',
            ],
        ];
    }

    /** @param array<string, mixed> $event */
    #[DataProvider('events')]
    public function test_each_event_is_a_sentence(array $event, string $expected): void
    {
        self::assertSame($expected, WorkerEvent::fromArray($event + self::NAME)->sentence());
    }
}
