<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Recording;

use Closure;
use RuntimeException;

/**
 * The file that a recording goes to. Only whole lines stand in it, whatever happened to the one who wrote them.
 *
 * Full files, and those of before the machine's start, are kept beside it as FILE.1, FILE.2 and so on, the newest first; of too many
 * the oldest goes. It is opened with the first line and again after each failure, so that recording goes on once it can.
 *
 * @internal
 */
final class RecordingFile
{
    /** Hours of a hundred queues at cycles of five seconds, and still read in seconds. */
    public const MAX_BYTES = 64 * 1024 * 1024;

    /** Older files that are kept beside the one that is written. */
    public const OLDER_FILES = 3;

    /** Far more than a line with a thousand queues; the last line is looked for in as much of the file's end. */
    private const LONGEST_LINE_BYTES = 16 * 1024 * 1024;

    /** @var resource|null opened for appending */
    private $handle = null;

    public function __construct(
        private readonly string $path,
        private readonly int $maxBytes = self::MAX_BYTES,
    ) {
    }

    /**
     * @param float $nowSeconds the instant of the line, of the machine's clock
     * @return ?string why a new file was begun; null where it was not
     *
     * @throws RuntimeException where the line could not be written; nothing of it is left then
     */
    public function append(string $line, float $nowSeconds): ?string
    {
        $line .= "\n";

        try {
            $why = $this->makeReady(strlen($line), $nowSeconds);
            $this->write($line);
        } catch (RuntimeException $failure) {
            $this->close();

            throw $failure;
        }

        return $why;
    }

    /** @return ?string why a new file was begun */
    private function makeReady(int $bytes, float $nowSeconds): ?string
    {
        $why = null;

        if ($this->handle === null) {
            $this->open();

            if (! $this->takeUp($nowSeconds)) {
                $why = "{$this->path} was recorded before this machine was started";
            }
        }

        if ($why === null && $this->size() > 0 && $this->size() + $bytes > $this->maxBytes) {
            $why = "{$this->path} is full";
        }

        if ($why !== null) {
            $this->moveAside();
            $this->open();
        }

        return $why;
    }

    private function open(): void
    {
        // A pipe that nobody reads would keep whoever opens or writes it.
        if (@stat($this->path) !== false && in_array(filetype((string) realpath($this->path)), ['fifo', 'socket'], strict: true)) {
            throw new RuntimeException("{$this->path} is a pipe, not a file; name another");
        }

        [$handle, $warning] = self::told(fn() => fopen($this->path, 'a+b'));

        if ($handle === false) {
            throw new RuntimeException("{$this->path} cannot be written ({$warning})");
        }

        $this->handle = $handle;
    }

    private function close(): void
    {
        if ($this->handle !== null) {
            fclose($this->handle);
            $this->handle = null;
        }
    }

    private function write(string $line): void
    {
        $size = $this->size();
        [$written, $warning] = self::told(fn() => fwrite($this->handle, $line));

        if ($written !== strlen($line)) {
            ftruncate($this->handle, $size);

            throw new RuntimeException("{$this->path} cannot be written ({$warning})");
        }

        fflush($this->handle);
    }

    /**
     * Takes away what stands after the last whole line of a recording: its writer was cut off, or the power was.
     *
     * @return bool false where it is of before the machine's start, when a recording's clock began anew
     * @throws RuntimeException where the file holds something else
     */
    private function takeUp(float $nowSeconds): bool
    {
        $size = $this->size();

        if ($size === 0) {
            return true;
        }

        fseek($this->handle, max(0, $size - self::LONGEST_LINE_BYTES));
        $lines = explode("\n", (string) stream_get_contents($this->handle));
        $junkBytes = strlen((string) array_pop($lines));

        while ($lines !== []) {
            $line = array_pop($lines);
            $last = json_decode($line, associative: true);

            if (isset($last['version'], $last['now_seconds'], $last['metrics'])) {
                ftruncate($this->handle, $size - $junkBytes);

                return $last['now_seconds'] < $nowSeconds;
            }

            $junkBytes += strlen($line) + 1;
        }

        throw new RuntimeException("{$this->path} holds something else than a recording; name another file");
    }

    private function moveAside(): void
    {
        $this->close();

        for ($number = self::OLDER_FILES - 1; $number >= 0; $number--) {
            $from = $number === 0 ? $this->path : "{$this->path}.{$number}";
            $to = "{$this->path}." . ($number + 1);

            if (! is_file($from)) {
                continue;
            }

            [$moved, $warning] = self::told(static fn() => rename($from, $to));

            if (! $moved) {
                throw new RuntimeException("{$from} cannot be renamed to {$to} ({$warning})");
            }
        }
    }

    /**
     * Whatever the application does with warnings, here they are to be told.
     *
     * @param Closure(): mixed $act
     * @return array{mixed, string} its result, and the last part of PHP's warning
     */
    private static function told(Closure $act): array
    {
        $warning = 'the disk may be full';
        set_error_handler(static function (int $level, string $message) use (&$warning): bool {
            $parts = explode(': ', $message);
            $warning = end($parts);

            return true;
        });

        try {
            return [$act(), $warning];
        } finally {
            restore_error_handler();
        }
    }

    private function size(): int
    {
        return (int) fstat($this->handle)['size'];
    }
}
