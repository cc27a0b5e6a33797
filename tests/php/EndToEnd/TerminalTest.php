<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use QueueAutoscale\Tests\Support\Artisan;
use QueueAutoscale\Tests\Support\Wait;

/** The manager on a real terminal. */
final class TerminalTest extends EndToEndTestCase
{
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

    public function test_a_table_is_drawn_over_itself_and_ctrl_c_ends_it_with_nothing_left(): void
    {
        $this->enqueue(20, 'emails', static fn(): SleepJob => new SleepJob(0.2));
        $this->openTerminal(columns: 80);

        $this->waitToSee('database:emails');
        $this->waitUntilSeen(fn(): bool => preg_match_all(self::DRAWN_OVER_ITSELF, $this->seen) >= 3, 'three drawings');
        $this->assertNoLineWraps(80);

        // Typed, not sent: the terminal makes the signal of it.
        fwrite($this->terminal, "\x03");
        $this->waitToSee('Stopped (a signal); no worker is left.');
        Wait::until(fn(): bool => ! proc_get_status($this->process)['running'], self::PATIENCE_SECONDS, 'the end');
        self::assertSame([], $this->workers());
    }

    private function openTerminal(int $columns): void
    {
        $environment = [...getenv(), ...$this->environment(), 'COLUMNS' => (string) $columns, 'LINES' => '24', 'TERM' => 'xterm-256color'];
        // Whoever runs the tests may want no colours, and would get lines for it in place of the table.
        unset($environment['NO_COLOR']);
        $this->process = proc_open(
            // A session of its own makes the terminal the controlling one, from which Ctrl-C comes.
            ['setsid', '--ctty', '--wait', PHP_BINARY, Artisan::APPLICATION . '/artisan', 'queue:autoscale', '--interval=0.5'],
            [['pty'], ['pty'], ['pty']],
            $pipes,
            Artisan::APPLICATION,
            $environment,
        );
        $this->terminal = $pipes[0];
        stream_set_blocking($this->terminal, false);
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
        $text = (string) preg_replace('/\e\[[\d;]*[A-Za-z]/', '', $this->seen);

        foreach (preg_split('/[\r\n]+/', $text) ?: [] as $line) {
            self::assertLessThanOrEqual($columns, mb_strwidth($line), $line);
        }
    }
}
