<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Console\Display\LiveTable;
use QueueAutoscale\Laravel\Console\Display\TerminalSize;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\Tests\Support\Decisions;
use Symfony\Component\Console\Output\BufferedOutput;

final class LiveTableTest extends TestCase
{
    protected function tearDown(): void
    {
        putenv('COLUMNS');
        pcntl_signal(SIGWINCH, SIG_DFL);
    }

    public function test_it_is_drawn_over_itself(): void
    {
        $output = new BufferedOutput();
        $table = new LiveTable($output, TerminalSize::of(null));

        $table->turnEnded(Decisions::turn([Decisions::of()]));
        $linesOfFirst = substr_count($output->fetch(), "\n");
        $table->turnEnded(Decisions::turn([Decisions::of()]));

        self::assertStringStartsWith("\e[{$linesOfFirst}A\r\e[J", $output->fetch());
    }

    public function test_a_crash_is_written_above_the_table(): void
    {
        $output = new BufferedOutput();
        $table = new LiveTable($output, TerminalSize::of(null));
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

    public function test_a_terminal_that_gets_narrower_is_drawn_anew_at_once_without_what_had_wrapped(): void
    {
        putenv('COLUMNS=120');
        $output = new BufferedOutput();
        $table = new LiveTable($output, TerminalSize::of(null));
        $table->started();
        $output->fetch();
        $table->turnEnded(Decisions::turn([Decisions::of(['reason' => str_repeat('word ', 20)])]));
        $wide = array_slice(explode("\n", $output->fetch()), 0, -1);

        putenv('COLUMNS=60');
        posix_kill((int) getmypid(), SIGWINCH);
        pcntl_signal_dispatch();

        $rows = array_sum(array_map(static fn(string $line): int => max(1, (int) ceil(mb_strwidth($line) / 60)), $wide));
        self::assertGreaterThan(count($wide), $rows);
        $narrow = $output->fetch();
        self::assertStringStartsWith("\e[{$rows}A\r\e[J", $narrow);

        foreach (explode("\n", substr($narrow, (int) strpos($narrow, 'Queue'))) as $line) {
            self::assertLessThanOrEqual(60, mb_strwidth($line));
        }
    }

    public function test_no_line_ends_with_blanks_that_a_narrower_terminal_would_wrap(): void
    {
        $output = new BufferedOutput(decorated: true);

        (new LiveTable($output, TerminalSize::of(null)))->turnEnded(Decisions::turn([Decisions::of()]));

        self::assertDoesNotMatchRegularExpression('/ (\e\[[\d;]*m)*$/m', $output->fetch());
    }

    public function test_the_heading_never_wraps(): void
    {
        foreach ([40, 60, 80] as $width) {
            putenv("COLUMNS={$width}");
            $output = new BufferedOutput();
            (new LiveTable($output, TerminalSize::of(null)))->turnEnded(Decisions::turn([Decisions::of(['target_workers' => 100])], paused: true));

            self::assertLessThan($width, mb_strlen(explode("\n", $output->fetch())[0]));
        }
    }

    public function test_the_heading_tells_how_full_the_host_is(): void
    {
        $output = new BufferedOutput();

        (new LiveTable($output, TerminalSize::of(null)))->turnEnded(Decisions::turn([Decisions::of(['target_workers' => 9])], paused: true));

        self::assertStringContainsString('paused   9 workers   CPU 25 % of 2   memory 25 % of 4 GiB', $output->fetch());
    }
}
