<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

use RuntimeException;

/** A script, mostly `php artisan …` of the test application, as a process of its own. */
final class Artisan
{
    public const APPLICATION = __DIR__ . '/../../app';

    private const POLL_MICROSECONDS = 10_000;

    /** @var resource */
    private $process;

    private ?int $exitCode = null;

    private readonly string $outputPath;

    /**
     * @param list<string> $arguments
     * @param array<string, string> $environment
     * @param list<string> $wrapper a program that runs the rest of the command line
     */
    private function __construct(string $script, array $arguments, ApplicationFolder $folder, array $environment, array $wrapper)
    {
        $this->outputPath = $folder->path . '/output-' . bin2hex(random_bytes(4));
        $process = proc_open(
            [...$wrapper, PHP_BINARY, $script, ...$arguments],
            [['file', '/dev/null', 'r'], ['file', $this->outputPath, 'w'], ['redirect', 1]],
            $pipes,
            self::APPLICATION,
            [...getenv(), ...$folder->environment(), ...$environment],
        );

        $this->process = $process !== false ? $process : throw new RuntimeException('The process could not be started.');
    }

    /**
     * @param list<string> $arguments
     * @param array<string, string> $environment
     * @param list<string> $wrapper a program that runs the rest of the command line
     */
    public static function start(
        array $arguments,
        ApplicationFolder $folder,
        array $environment = [],
        array $wrapper = [],
    ): self {
        return new self(self::APPLICATION . '/artisan', $arguments, $folder, $environment, $wrapper);
    }

    /**
     * @param list<string> $arguments
     * @param array<string, string> $environment
     * @param list<string> $wrapper a program that runs the rest of the command line
     */
    public static function startScript(
        string $script,
        array $arguments,
        ApplicationFolder $folder,
        array $environment,
        array $wrapper = [],
    ): self {
        return new self($script, $arguments, $folder, $environment, $wrapper);
    }

    public function pid(): int
    {
        return proc_get_status($this->process)['pid'];
    }

    public function isRunning(): bool
    {
        $status = proc_get_status($this->process);

        if (! $status['running'] && $this->exitCode === null) {
            $this->exitCode = $status['exitcode'];
        }

        return $status['running'];
    }

    public function signal(int $signal): void
    {
        proc_terminate($this->process, $signal);
    }

    /** Waits for the end. */
    public function exitCode(float $withinSeconds = 30.0): int
    {
        Wait::until(fn(): bool => ! $this->isRunning(), $withinSeconds, fn(): string => "the end of the process\n{$this->output()}");

        return (int) $this->exitCode;
    }

    public function output(): string
    {
        return (string) file_get_contents($this->outputPath);
    }

    /** Ends what a failed test left running. */
    public function kill(): void
    {
        if ($this->isRunning()) {
            proc_terminate($this->process, SIGKILL);

            while ($this->isRunning()) {
                usleep(self::POLL_MICROSECONDS);
            }
        }
    }
}
