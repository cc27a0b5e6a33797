<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\HostMonitor;
use Throwable;

/** @internal */
final class HostCheck implements Check
{
    private const BYTES_PER_MEBIBYTE = 1024 ** 2;

    public function name(): string
    {
        return 'Host';
    }

    public function run(): CheckResult
    {
        try {
            $host = (new HostMonitor())->read();
        } catch (Throwable $thrown) {
            return CheckResult::warning("its capacity cannot be read, so it limits nothing: {$thrown->getMessage()}");
        }

        return CheckResult::ok(sprintf(
            '%g cores and %.0f MiB of memory, container limits included; %.0f MiB in use',
            round($host->cpuLimitCores, 2),
            $host->memoryLimitBytes / self::BYTES_PER_MEBIBYTE,
            $host->memoryUsedBytes / self::BYTES_PER_MEBIBYTE,
        ));
    }
}
