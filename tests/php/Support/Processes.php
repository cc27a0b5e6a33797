<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

/** The host's processes, as /proc shows them. */
final class Processes
{
    /** @return list<int> the living `queue:work` processes of one run of the application */
    public static function workersOf(ApplicationFolder $folder): array
    {
        $mark = "LARAVEL_STORAGE_PATH={$folder->path}\0";
        $workers = [];

        foreach ((array) glob('/proc/[0-9]*') as $process) {
            $command = (string) @file_get_contents("{$process}/cmdline");

            if (str_contains($command, "\0queue:work\0") && str_contains((string) @file_get_contents("{$process}/environ"), $mark)) {
                $workers[] = (int) basename($process);
            }
        }

        return $workers;
    }

    /** @return list<int> zombies included */
    public static function childrenOf(int $pid): array
    {
        $children = (string) @file_get_contents("/proc/{$pid}/task/{$pid}/children");

        return array_map(intval(...), array_values(array_filter(explode(' ', $children))));
    }

    /** @return int 0 where the process is gone */
    public static function parentOf(int $pid): int
    {
        $status = (string) @file_get_contents("/proc/{$pid}/stat");

        return (int) (explode(' ', substr($status, (int) strrpos($status, ')') + 2))[1] ?? 0);
    }

    public static function isAlive(int $pid): bool
    {
        $status = (string) @file_get_contents("/proc/{$pid}/stat");

        return $status !== '' && ! str_contains(substr($status, (int) strrpos($status, ')')), ') Z');
    }
}
