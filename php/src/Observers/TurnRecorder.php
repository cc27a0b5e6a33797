<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Observers;

use JsonException;
use Psr\Log\LoggerInterface;
use QueueAutoscale\HostCapacity;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\Sight;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Recording\RecordingFile;
use RuntimeException;

/**
 * Writes down what the manager saw and decided, one line of JSON a cycle, for queue:autoscale:simulate to run again. What cannot be
 * written is reported and keeps no manager from its work; recording goes on as soon as it can.
 *
 * @internal
 */
final class TurnRecorder extends Observer
{
    /** Of the format. Whoever reads a recording refuses other versions. */
    private const VERSION = 1;

    private const PROBLEM = 'recording';

    public function __construct(
        private readonly RecordingFile $file,
        private readonly Problems $problems,
        private readonly LoggerInterface $log,
    ) {
    }

    public function turnEnded(Turn $turn): void
    {
        if ($turn->seen === null) {
            return;
        }

        try {
            $why = $this->file->append($this->line($turn, $turn->seen), $turn->seen->nowSeconds);
            $this->problems->solved(self::PROBLEM);
        } catch (JsonException | RuntimeException $thrown) {
            $this->problems->report(self::PROBLEM, "A cycle is missing in the recording: {$thrown->getMessage()}.", $thrown);

            return;
        }

        if ($why !== null) {
            $this->log->warning("A new recording was begun: {$why}. What was recorded before is kept beside it.");
        }
    }

    private function line(Turn $turn, Sight $seen): string
    {
        return json_encode([
            'version' => self::VERSION,
            'now_seconds' => $seen->nowSeconds,
            'metrics' => $seen->metrics,
            'workers' => $seen->workers,
            'host' => $turn->host === null ? null : self::host($turn->host),
            'decisions' => $turn->decisions,
        ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
    }

    /** @return array<string, int|float|null> */
    private static function host(HostCapacity $host): array
    {
        return [
            'cpu_limit_cores' => $host->cpuLimitCores,
            'cpu_used_cores' => $host->cpuUsedCores,
            'memory_limit_bytes' => $host->memoryLimitBytes,
            'memory_used_bytes' => $host->memoryUsedBytes,
        ];
    }
}
