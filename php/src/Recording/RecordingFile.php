<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Recording;

use Closure;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use RuntimeException;

/**
 * The file that a recording goes to. Only whole lines stand in it, whatever happened to the one who wrote them.
 *
 * @internal
 */
final class RecordingFile
{
    /** Far more than a line with a thousand queues; the last line is looked for in as much of the file's end. */
    private const LONGEST_LINE_BYTES = 16 * 1024 * 1024;

    /** @param resource $handle opened for appending */
    private function __construct(
        private readonly string $path,
        private $handle,
    ) {
    }

    /**
     * Goes on with a recording that is there already.
     *
     * @throws CannotStart where nothing can be written, or something else stands in the file
     */
    public static function open(string $path, float $nowSeconds): self
    {
        [$handle, $warning] = self::told(static fn() => fopen($path, 'a+b'));

        if ($handle === false) {
            throw CannotStart::because(
                "--record: {$path} cannot be written ({$warning}); name a file in a folder that this user may write to.",
            );
        }

        $file = new self($path, $handle);
        $file->takeUp($nowSeconds);

        return $file;
    }

    /** @throws RuntimeException where the line could not be written; nothing of it is left then */
    public function append(string $line): void
    {
        $line .= "\n";
        $size = $this->size();

        [$written, $warning] = self::told(fn() => fwrite($this->handle, $line));

        if ($written !== strlen($line)) {
            ftruncate($this->handle, $size);

            throw new RuntimeException("{$this->path} cannot be written ({$warning}).");
        }

        fflush($this->handle);
    }

    /** @throws CannotStart where the file holds something that cannot be gone on with */
    private function takeUp(float $nowSeconds): void
    {
        $size = $this->size();

        if ($size === 0) {
            return;
        }

        fseek($this->handle, max(0, $size - self::LONGEST_LINE_BYTES));
        $lines = explode("\n", (string) stream_get_contents($this->handle));
        // Empty, unless the manager before this one was cut off while it wrote.
        $cutOff = array_pop($lines);
        $last = json_decode((string) array_pop($lines), associative: true);

        if (! isset($last['version'], $last['now_seconds'], $last['metrics'])) {
            throw CannotStart::because("--record: {$this->path} holds something else than a recording; name another file.");
        }

        // A recording's clock begins anew with each start of the machine.
        if ($last['now_seconds'] >= $nowSeconds) {
            throw CannotStart::because("--record: {$this->path} was recorded before this machine was started; name another file.");
        }

        ftruncate($this->handle, $size - strlen($cutOff));
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
