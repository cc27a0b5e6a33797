<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Manager;

use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Manager\ManagerLock;
use QueueAutoscale\Tests\Feature\FeatureTestCase;

final class ManagerLockTest extends FeatureTestCase
{
    public function test_a_second_manager_is_told_who_runs_already(): void
    {
        $lock = ManagerLock::acquire([$this->path()]);

        try {
            ManagerLock::acquire([$this->path()]);
            self::fail('The second manager was let in.');
        } catch (CannotStart $refused) {
            self::assertStringContainsString('process ' . getmypid(), $refused->getMessage());
            self::assertStringContainsString('--replace', $refused->getMessage());
        }

        $lock->release();
    }

    public function test_a_lock_that_was_released_can_be_taken_again(): void
    {
        ManagerLock::acquire([$this->path()])->release();
        ManagerLock::acquire([$this->path()])->release();

        self::assertSame('', file_get_contents($this->path()));
    }

    public function test_a_lock_that_cannot_be_written_names_the_key_that_moves_it(): void
    {
        $this->expectException(CannotStart::class);
        $this->expectExceptionMessage('queue-autoscale.manager.lock');

        // A file is no folder, whoever runs the test.
        ManagerLock::acquire([__FILE__ . '/lock']);
    }

    public function test_where_the_first_place_is_read_only_the_second_one_serves(): void
    {
        $lock = ManagerLock::acquire([__FILE__ . '/lock', $this->path()]);

        self::assertSame((string) getmypid(), file_get_contents($this->path()));
        $lock->release();
    }

    public function test_a_manager_that_does_not_give_way_in_time_is_named(): void
    {
        $holds = 'pcntl_signal(SIGTERM, SIG_IGN); $file = fopen($argv[1], "c"); flock($file, LOCK_EX); fwrite($file, (string) getmypid());'
            . ' fflush($file); echo "held"; fgets(STDIN);';
        mkdir(dirname($this->path()), recursive: true);
        $holder = proc_open([PHP_BINARY, '-r', $holds, '--', $this->path()], [['pipe', 'r'], ['pipe', 'w']], $pipes);
        self::assertIsResource($holder);
        self::assertSame('held', fread($pipes[1], 4));

        try {
            ManagerLock::acquire([$this->path()], takeOverSeconds: 0.2);
            self::fail('A manager that still runs was replaced.');
        } catch (CannotStart $refused) {
            $pid = proc_get_status($holder)['pid'];
            self::assertSame("The manager that is to be replaced (process {$pid}) did not end within 0.2 s.", $refused->getMessage());
        } finally {
            fclose($pipes[0]);
            proc_close($holder);
        }
    }

    private function path(): string
    {
        return "{$this->folder->path}/deep/down/manager.lock";
    }
}
