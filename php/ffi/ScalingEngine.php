<?php

declare(strict_types=1);

namespace QueueAutoscale;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Handle;
use QueueAutoscale\Native\Json;
use QueueAutoscale\Native\Library;
use QueueAutoscale\Native\Row;

/** Decides how many workers each pool needs. It remembers what it saw, so one engine is to see every turn. */
final class ScalingEngine
{
    private readonly Handle $handle;

    public function __construct(Configuration $configuration)
    {
        $this->handle = Library::get()->make('qa_engine', Handle::of($configuration));
    }

    /**
     * Takes in one turn's numbers and renews the forecasts.
     *
     * @param array<string, array<string, mixed>> $metrics as QueueMetrics::getAllQueuesWithMetrics() returns it
     * @param array<array<string, mixed>> $workers as WorkerSupervisor::pools() returns it
     * @param ?HostCapacity $host null bounds nothing
     * @param float $nowSeconds a monotonic clock's instant
     * @throws InvalidArgument where $workers or $nowSeconds make no sense
     */
    public function observe(array $metrics, array $workers, ?HostCapacity $host, float $nowSeconds): void
    {
        $turn = self::turn($metrics, $workers, $host);

        Library::get()->call('qa_engine_observe', $this->handle->pointer, $turn, strlen($turn), $nowSeconds);
    }

    /** @return array<string, QueueForecast> what the engine makes of each pool, by "connection:queues" */
    public function forecasts(): array
    {
        return Row::all(QueueForecast::class, Library::get()->call('qa_engine_forecasts', $this->handle->pointer));
    }

    /**
     * Turns the recommendations, or what others want instead of them, into decisions: bounds, then stabilisation, then
     * capacity and fair share.
     *
     * @param array<string, array{workers: int, reason: string}> $recommendations by "connection:queues"
     * @throws InvalidArgument for a pool that is not known, or workers that are no number
     */
    public function decide(array $recommendations = []): Evaluation
    {
        $json = $recommendations === [] ? '{}' : Json::encode($recommendations);
        $row = Library::get()->call('qa_engine_decide', $this->handle->pointer, $json, strlen($json));

        return Row::make(Evaluation::class, $row);
    }

    /**
     * One turn: observe() and decide() without anybody else's wish.
     *
     * @param array<string, array<string, mixed>> $metrics as QueueMetrics::getAllQueuesWithMetrics() returns it
     * @param array<array<string, mixed>> $workers as WorkerSupervisor::pools() returns it
     * @param ?HostCapacity $host null bounds nothing
     * @param float $nowSeconds a monotonic clock's instant
     * @throws InvalidArgument where $workers or $nowSeconds make no sense
     */
    public function evaluate(array $metrics, array $workers, ?HostCapacity $host, float $nowSeconds): Evaluation
    {
        $turn = self::turn($metrics, $workers, $host);
        $row = Library::get()->call('qa_engine_evaluate', $this->handle->pointer, $turn, strlen($turn), $nowSeconds);

        return Row::make(Evaluation::class, $row);
    }

    /**
     * @param array<array-key, mixed> $metrics
     * @param array<array-key, mixed> $workers
     */
    private static function turn(array $metrics, array $workers, ?HostCapacity $host): string
    {
        return Json::encode([
            'metrics' => array_map(self::withoutUnread(...), $metrics),
            'workers' => $workers,
            'host' => $host === null ? null : [
                'cpu_limit_cores' => $host->cpuLimitCores,
                'cpu_used_cores' => $host->cpuUsedCores,
                'memory_limit_bytes' => $host->memoryLimitBytes,
                'memory_used_bytes' => $host->memoryUsedBytes,
            ],
        ]);
    }

    /** Without the sections that no decision needs, more than half of the text. */
    private static function withoutUnread(mixed $row): mixed
    {
        if (is_array($row)) {
            unset($row['trends'], $row['baseline']);
        }

        return $row;
    }
}
