<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use Closure;
use Symfony\Component\Console\Output\StreamOutput;
use Symfony\Component\Console\Terminal;

/**
 * How large the terminal is now. Symfony's own answer is of the moment when it was first asked for.
 *
 * @internal
 */
final class TerminalSize
{
    private int $columns;

    private int $lines;

    /** @param resource|null $terminal what is written to; null where that is no terminal */
    private function __construct(private $terminal)
    {
        $this->measure();
    }

    public static function of(?StreamOutput $output): self
    {
        return new self($output?->getStream());
    }

    public function columns(): int
    {
        return $this->columns;
    }

    public function lines(): int
    {
        return $this->lines;
    }

    /** @param Closure(): void $do called at any time, even while it runs */
    public function onChange(Closure $do): void
    {
        // Symfony has PHP call handlers as soon as the signal comes; the supervisor's wait ends for it.
        pcntl_signal(SIGWINCH, function () use ($do): void {
            $this->measure();
            $do();
        });
    }

    /** For a terminal that sends no signal, as to a process of another session. */
    public function measure(): void
    {
        [$lines, $columns] = $this->ofTerminal();
        $asSymfonySays = new Terminal();
        $this->lines = $lines ?: $asSymfonySays->getHeight();
        $this->columns = $columns ?: $asSymfonySays->getWidth();
    }

    /** @return array{int, int} lines and columns; 0 where the terminal does not know */
    private function ofTerminal(): array
    {
        if ($this->terminal === null) {
            return [0, 0];
        }

        $stty = @proc_open(['stty', 'size'], [$this->terminal, ['pipe', 'w'], ['file', '/dev/null', 'w']], $pipes);

        if ($stty === false) {
            return [0, 0];
        }

        $answer = explode(' ', (string) stream_get_contents($pipes[1]));
        proc_close($stty);

        return [(int) $answer[0], (int) ($answer[1] ?? 0)];
    }
}
