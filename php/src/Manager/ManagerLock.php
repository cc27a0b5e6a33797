<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use QueueAutoscale\Laravel\Exceptions\CannotStart;

/**
 * Lets one manager an application and host run at a time. The lock is the kernel's: it ends with its holder, however
 * that ends.
 *
 * @internal
 */
final class ManagerLock
{
    private const POLL_MICROSECONDS = 20_000;

    /** @param resource $file */
    private function __construct(private $file)
    {
    }

    /**
     * @param non-empty-list<string> $paths where the file may be; the first that can be written is taken
     * @param float $takeOverSeconds how long to wait for another manager that is asked to end; 0 to ask none
     *
     * @throws CannotStart where another manager runs
     */
    public static function acquire(array $paths, float $takeOverSeconds = 0.0): self
    {
        $file = self::open($paths);
        $deadline = hrtime(true) / 1e9 + $takeOverSeconds;
        $asked = null;

        while (! flock($file, LOCK_EX | LOCK_NB)) {
            $holder = self::holder($file);

            if ($takeOverSeconds <= 0) {
                throw CannotStart::because(
                    "A manager runs already on this host (process {$holder}): stop it, or take over with --replace.",
                );
            }

            if (hrtime(true) / 1e9 > $deadline) {
                throw CannotStart::because(
                    "The manager that is to be replaced (process {$holder}) did not end within {$takeOverSeconds} s.",
                );
            }

            if ($holder !== $asked && $holder > 0) {
                posix_kill($holder, SIGTERM);
                $asked = $holder;
            }

            usleep(self::POLL_MICROSECONDS);
        }

        ftruncate($file, 0);
        rewind($file);
        fwrite($file, (string) getmypid());
        fflush($file);

        return new self($file);
    }

    public function release(): void
    {
        ftruncate($this->file, 0);
        flock($this->file, LOCK_UN);
    }

    /**
     * @param non-empty-list<string> $paths
     * @return resource
     */
    private static function open(array $paths)
    {
        foreach ($paths as $path) {
            is_dir(dirname($path)) || @mkdir(dirname($path), recursive: true);

            // "e": workers must not inherit the descriptor, or they would hold the lock for a dead manager.
            $file = @fopen($path, 'c+e');

            if ($file !== false) {
                return $file;
            }
        }

        throw CannotStart::because(sprintf(
            'The lock %s cannot be written: make its folder writable, or name another file in queue-autoscale.manager.lock.',
            implode(' or ', $paths),
        ));
    }

    /** @param resource $file */
    private static function holder($file): int
    {
        rewind($file);

        return (int) stream_get_contents($file);
    }
}
