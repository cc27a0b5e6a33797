<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Config\Repository as Config;
use Illuminate\Contracts\Container\Container;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Contracts\MetricsSource;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Requirements;
use Throwable;

/**
 * The pools whose settings are worth a look: those that the configuration names or matches with a wildcard, those of the queues that
 * QueueMetrics shows, and each connection's own queue.
 *
 * @internal
 */
final class CheckedPools
{
    private ?float $readSeconds = null;

    /** @var ?list<array{connection: string, queues: string, settings: array<string, mixed>}> */
    private ?array $pools = null;

    public function __construct(
        private readonly Container $container,
        private readonly Config $config,
        private readonly ConfigurationFactory $configurations,
    ) {
    }

    /**
     * @return list<array{connection: string, queues: string, settings: array<string, mixed>}> a wildcard stands for its queues
     *
     * @throws CannotStart
     */
    public function all(): array
    {
        return $this->pools ??= $this->read();
    }

    /** How long reading the metrics took; null where they cannot be read. */
    public function readSeconds(): ?float
    {
        $this->all();

        return $this->readSeconds;
    }

    /** @return list<array{connection: string, queues: string, settings: array<string, mixed>}> */
    private function read(): array
    {
        $configuration = $this->configurations->make();
        $pools = array_map(static fn(array $pool): array => [$pool['connection'], $pool['queues']], $configuration->pools());

        foreach ($this->rows() as $row) {
            $key = $configuration->poolOf((string) ($row['connection'] ?? ''), (string) ($row['queue'] ?? ''));

            if ($key !== null) {
                $pools[] = [$row['connection'], substr($key, strlen($row['connection']) + 1)];
            }
        }

        foreach ((array) $this->config->get('queue.connections') as $name => $connection) {
            if (isset($connection['queue'])) {
                $pools[] = [(string) $name, (string) $connection['queue']];
            }

            foreach (array_keys($configuration->toArray()['queues']) as $entry) {
                // As "connection:queue"; a wildcard may stand for several connections.
                if (str_contains((string) $entry, '*') && str_starts_with((string) $entry, "{$name}:")) {
                    $pools[] = [(string) $name, substr((string) $entry, strlen("{$name}:"))];
                }
            }
        }

        return array_map(static fn(array $pool): array => [
            'connection' => $pool[0],
            'queues' => $pool[1],
            'settings' => $configuration->poolSettings(...$pool),
        ], array_values(array_unique($pools, SORT_REGULAR)));
    }

    /** @return array<string, array<string, mixed>> */
    private function rows(): array
    {
        try {
            Requirements::checkQueueMetrics();
            $startedAt = hrtime(true);
            $rows = $this->container->make(MetricsSource::class)->read();
            $this->readSeconds = (hrtime(true) - $startedAt) / 1e9;

            return array_filter($rows, static fn(mixed $row): bool => is_array($row) && is_string($row['connection'] ?? null));
        } catch (Throwable) {
            // What is wrong with the metrics the check of QueueMetrics tells.
            return [];
        }
    }
}
