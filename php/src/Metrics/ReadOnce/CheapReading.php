<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Metrics\ReadOnce;

use Cbox\LaravelQueueMetrics\Contracts\QueueInspector;
use Cbox\LaravelQueueMetrics\Repositories\Contracts\WorkerHeartbeatRepository;
use Closure;
use Illuminate\Contracts\Foundation\Application;
use ReflectionClass;
use ReflectionMethod;

/**
 * Has QueueMetrics read its own records once a reading. The answer is the same, row by row.
 *
 * @internal
 */
final class CheapReading
{
    /** What each decorator can do: the methods of its contract, with the number of their parameters. */
    private const METHODS = [
        WorkerHeartbeatRepository::class => [
            'recordHeartbeat' => 10,
            'transitionState' => 3,
            'getWorker' => 1,
            'getActiveWorkers' => 2,
            'getWorkersByState' => 1,
            'detectStaledWorkers' => 1,
            'removeWorker' => 1,
            'cleanup' => 1,
        ],
        QueueInspector::class => ['getQueueDepth' => 2, 'hasJobs' => 2, 'getAllQueues' => 0],
    ];

    private const DECORATORS = [WorkerHeartbeatRepository::class => Heartbeats::class, QueueInspector::class => Inspector::class];

    public function __construct(private readonly Memo $memo = new Memo())
    {
    }

    /**
     * Before anything of the package is made: artisan makes every command, with all that it needs, before it runs one. Outside
     * of a reading all is as it was.
     */
    public static function register(Application $app): void
    {
        $app->singleton(self::class);

        foreach (self::DECORATORS as $contract => $decorator) {
            $app->extend($contract, static fn(object $inner): object => self::isAsKnown($contract)
                ? new $decorator($inner, $app->make(self::class)->memo)
                : $inner);
        }
    }

    /**
     * @template T
     * @param Closure(): T $read
     * @return T
     */
    public function during(Closure $read): mixed
    {
        return $this->memo->during($read);
    }

    /**
     * A later version of the package may ask for more, and a class that does not fit its contract cannot even be loaded. Its
     * readings then cost what they cost.
     *
     * @param class-string $contract
     */
    private static function isAsKnown(string $contract): bool
    {
        $methods = [];

        foreach ((new ReflectionClass($contract))->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
            $methods[$method->name] = $method->getNumberOfParameters();
        }

        return array_diff_assoc($methods, self::METHODS[$contract]) === [];
    }
}
