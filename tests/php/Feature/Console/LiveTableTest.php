<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Console\Display\LiveTable;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\Tests\Support\Decisions;
use Symfony\Component\Console\Output\BufferedOutput;

final class LiveTableTest extends TestCase
{
    public function test_it_is_drawn_over_itself(): void
    {
        $output = new BufferedOutput();
        $table = new LiveTable($output);

        $table->turnEnded(Decisions::turn([Decisions::of()]));
        $linesOfFirst = substr_count($output->fetch(), "\n");
        $table->turnEnded(Decisions::turn([Decisions::of()]));

        self::assertStringStartsWith("\e[{$linesOfFirst}A\r\e[J", $output->fetch());
    }

    public function test_a_crash_is_written_above_the_table(): void
    {
        $output = new BufferedOutput();
        $table = new LiveTable($output);
        $table->turnEnded(Decisions::turn([Decisions::of()]));
        $output->fetch();

        $table->workerEvent(new WorkerEvent('worker_crashed', [
            'connection' => 'redis', 'queues' => 'emails', 'pid' => 7, 'exit_code' => 255,
            'output_tail' => ['PHP Fatal error: no memory'], 'restart_in_seconds' => 1.5,
        ]));

        $written = $output->fetch();
        $message = 'Worker 7 of redis:emails crashed with exit code 255, its place is filled in 1.5 s: PHP Fatal error: no memory';
        self::assertStringContainsString($message, $written);
        self::assertLessThan(strpos($written, 'Queue Autoscale'), strpos($written, $message));
    }

    public function test_the_heading_never_wraps(): void
    {
        foreach ([40, 60, 80] as $width) {
            putenv("COLUMNS={$width}");
            $output = new BufferedOutput();
            (new LiveTable($output))->turnEnded(Decisions::turn([Decisions::of(['target_workers' => 100])], paused: true));

            self::assertLessThan($width, mb_strlen(explode("\n", $output->fetch())[0]));
        }

        putenv('COLUMNS');
    }

    public function test_the_heading_tells_how_full_the_host_is(): void
    {
        $output = new BufferedOutput();

        (new LiveTable($output))->turnEnded(Decisions::turn([Decisions::of(['target_workers' => 9])], paused: true));

        self::assertStringContainsString('paused   9 workers   CPU 25 % of 2   memory 25 % of 4 GiB', $output->fetch());
    }
}
