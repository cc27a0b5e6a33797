<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use PHPUnit\Framework\Attributes\TestWith;
use QueueAutoscale\Tests\Support\Artisan;
use QueueAutoscale\Tests\Support\Wait;

/** The manager on a real terminal. */
final class TerminalTest extends EndToEndTestCase
{
    private const COLOUR = "/\e\\[[\\d;]*m/";

    private const DRAWN_OVER_ITSELF = "/\e\\[(\\d+)A\r\e\\[J/";

    /** @var resource */
    private $process;

    /** @var resource */
    private $terminal;

    private string $seen = '';

    protected function tearDown(): void
    {
        if (proc_get_status($this->process)['running']) {
            proc_terminate($this->process, SIGKILL);
        }

        parent::tearDown();
    }

    /** @param array<string, string> $colours */
    #[TestWith([[]])]
    #[TestWith([['NO_COLOR' => '1']])]
    public function test_a_table_is_drawn_over_itself_and_ctrl_c_ends_it_with_nothing_left(array $colours): void
    {
        $this->enqueue(20, 'emails', static fn(): SleepJob => new SleepJob(0.2));
        $this->openTerminal(columns: 80, environment: $colours);

        $this->waitToSee('database:emails');
        $this->waitUntilSeen(fn(): bool => preg_match_all(self::DRAWN_OVER_ITSELF, $this->seen) >= 3, 'three drawings');
        $this->assertNoLineWraps(80);
        self::assertSame($colours === [], preg_match(self::COLOUR, $this->seen) === 1);

        // Typed, not sent: the terminal makes the signal of it.
        fwrite($this->terminal, "\x03");
        $this->waitToSee('Stopped (a signal); no worker is left.');
        Wait::until(fn(): bool => ! proc_get_status($this->process)['running'], self::PATIENCE_SECONDS, 'the end');
        self::assertSame([], $this->workers());
    }

    public function test_the_table_takes_the_size_that_the_terminal_gets(): void
    {
        $this->enqueue(1, 'emails', static fn(): SleepJob => new SleepJob(0.0));
        // No turn ends but the first, so what is drawn later is drawn for the new size.
        $this->openTerminal(columns: 120, arguments: ['--interval=600']);
        $this->waitToSee('database:emails');
        $before = $this->widthOfTable();

        foreach ([60, 80, 120] as $columns) {
            $this->seen = '';
            $this->resizeTerminal($columns);
            $this->waitToSee('emails');
            $this->assertNoLineWraps($columns);
            $widths[] = $this->widthOfTable();
        }

        self::assertGreaterThan($widths[0], $widths[1]);
        self::assertGreaterThan($widths[1], $widths[2]);
        self::assertSame($before, $widths[2]);
    }

    /**
     * @param list<string> $arguments
     * @param array<string, string> $environment
     */
    #[TestWith([['--no-ansi'], []])]
    #[TestWith([[], ['TERM' => 'dumb']])]
    public function test_lines_are_written_where_no_table_is_wanted_or_possible(array $arguments, array $environment): void
    {
        $this->openTerminal(columns: 80, arguments: [...$arguments, '--once'], environment: $environment);

        $this->waitToSee('stopped reason=');
        self::assertStringNotContainsString("\e[", $this->seen);
        self::assertStringContainsString(' started pid=', $this->seen);
    }

    /**
     * @param list<string> $arguments
     * @param array<string, string> $environment
     */
    private function openTerminal(int $columns, array $arguments = ['--interval=0.5'], array $environment = []): void
    {
        $ownEnvironment = getenv();
        // Those who run the tests may have wishes of their own.
        unset($ownEnvironment['NO_COLOR'], $ownEnvironment['COLUMNS'], $ownEnvironment['LINES']);
        $this->process = proc_open(
            // A session of its own makes the terminal the controlling one, from which Ctrl-C comes.
            [
                'setsid', '--ctty', '--wait', 'sh', '-c', "stty columns {$columns} rows 24 && exec \"\$@\"", 'sh',
                PHP_BINARY, Artisan::APPLICATION . '/artisan', 'queue:autoscale', ...$arguments,
            ],
            [['pty'], ['pty'], ['pty']],
            $pipes,
            Artisan::APPLICATION,
            [...$ownEnvironment, ...$this->environment(), 'TERM' => 'xterm-256color', ...$environment],
        );
        $this->terminal = $pipes[0];
        stream_set_blocking($this->terminal, false);
    }

    /** The terminal tells the manager of it by SIGWINCH. */
    private function resizeTerminal(int $columns): void
    {
        $file = (string) readlink('/proc/' . proc_get_status($this->process)['pid'] . '/fd/0');
        exec("stty -F {$file} columns {$columns} rows 24", result_code: $exitCode);
        self::assertSame(0, $exitCode);
    }

    private function widthOfTable(): int
    {
        preg_match('/^queue +waiting.*$/m', $this->withoutControls(), $header);

        return mb_strwidth(rtrim($header[0] ?? ''));
    }

    private function waitToSee(string $text): void
    {
        $this->waitUntilSeen(fn(): bool => str_contains($this->seen, $text), "\"{$text}\" on the terminal");
    }

    private function waitUntilSeen(callable $condition, string $what): void
    {
        Wait::until(
            function () use ($condition): bool {
                // At the end of the process there is nothing more to read, which is no error here.
                $this->seen .= (string) @stream_get_contents($this->terminal);

                return $condition();
            },
            self::PATIENCE_SECONDS,
            fn(): string => "{$what}:\n{$this->seen}",
        );
    }

    private function assertNoLineWraps(int $columns): void
    {
        foreach (preg_split('/[\r\n]+/', $this->withoutControls()) ?: [] as $line) {
            self::assertLessThanOrEqual($columns, mb_strwidth($line), $line);
        }
    }

    private function withoutControls(): string
    {
        return (string) preg_replace('/\e\[[\d;]*[A-Za-z]/', '', $this->seen);
    }
}
