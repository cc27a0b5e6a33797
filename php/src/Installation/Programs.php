<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * The programs of this machine.
 *
 * @internal
 */
final class Programs
{
    /** @return ?string the file of the first of these names that can be run */
    public static function find(string ...$names): ?string
    {
        foreach ($names as $name) {
            foreach (self::folders() as $folder) {
                $file = str_contains($name, '/') ? $name : "{$folder}/{$name}";

                if (is_file($file) && is_executable($file)) {
                    return $file;
                }
            }
        }

        return null;
    }

    /**
     * Runs a program and returns what it writes to its standard output.
     *
     * @param list<string> $command
     * @param bool $withErrors and to its standard error
     */
    public static function output(array $command, bool $withErrors = false): string
    {
        $errors = $withErrors ? ['redirect', 1] : ['file', '/dev/null', 'w'];
        $process = proc_open($command, [0 => ['file', '/dev/null', 'r'], 1 => ['pipe', 'w'], 2 => $errors], $pipes);

        if ($process === false) {
            return '';
        }

        $output = (string) stream_get_contents($pipes[1]);
        proc_close($process);

        return trim($output);
    }

    /**
     * Runs a program in front of the user.
     *
     * @param list<string> $command
     * @param array<string, string> $environment besides this process's own
     * @return int its exit code
     */
    public static function run(array $command, array $environment = []): int
    {
        $process = proc_open($command, [STDIN, STDOUT, STDERR], $pipes, env_vars: $environment + getenv());

        return $process === false ? 1 : proc_close($process);
    }

    /** @return list<string> */
    private static function folders(): array
    {
        // rustup's folder is often missing in the PATH of a shell that was open before.
        return [...explode(PATH_SEPARATOR, (string) getenv('PATH')), getenv('HOME') . '/.cargo/bin'];
    }
}
