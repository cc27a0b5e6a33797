<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * A folder of this process's own, gone with it. Nobody else can write there, or have put something there before.
 *
 * @internal
 */
final readonly class TemporaryFolder
{
    private const OWNER_ALONE = 0o700;

    public string $path;

    /**
     * @param string $prefix of its name, which nobody can guess
     * @throws CannotInstall
     */
    public function __construct(string $in, string $prefix = 'queue-autoscale-')
    {
        $this->path = "{$in}/{$prefix}" . bin2hex(random_bytes(8));

        // Fails where anything has this name already.
        if (! @mkdir($this->path, self::OWNER_ALONE)) {
            throw new CannotInstall("{$in} cannot be written to; run this as another user, or name another folder");
        }
    }

    public function __destruct()
    {
        self::remove($this->path);
    }

    private static function remove(string $path): void
    {
        if (is_dir($path) && ! is_link($path)) {
            foreach (array_diff((array) scandir($path), ['.', '..']) as $name) {
                self::remove("{$path}/{$name}");
            }

            @rmdir($path);
        } else {
            @unlink($path);
        }
    }
}
