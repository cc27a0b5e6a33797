<?php

declare(strict_types=1);

namespace QueueAutoscale;

use QueueAutoscale\Exception\InvalidConfiguration;
use QueueAutoscale\Native\Handle;
use QueueAutoscale\Native\Json;
use QueueAutoscale\Native\Library;

/** Everything that config/queue-autoscale.php says, checked, with defaults, profiles and overrides merged. */
final class Configuration
{
    /** @var array<string, mixed> */
    private readonly array $description;

    private function __construct(
        private readonly Handle $handle,
    ) {
        $this->description = Library::get()->call('qa_configuration_describe', $handle->pointer);
    }

    /**
     * @param array<string, mixed> $config
     * @throws InvalidConfiguration with all errors at once, each with its key's full path
     */
    public static function fromArray(array $config): self
    {
        $json = Json::encodePlain($config);

        return new self(Library::get()->make('qa_configuration', $json, strlen($json)));
    }

    public function enabled(): bool
    {
        return $this->description['enabled'];
    }

    public function intervalSeconds(): float
    {
        return $this->description['interval_seconds'];
    }

    /** The key ("connection:queues") of the pool that works a queue; null where nobody does. */
    public function poolOf(string $connection, string $queue): ?string
    {
        $pool = $this->ask('qa_configuration_pool_of', $connection, $queue);

        return $pool === null ? null : "{$pool['connection']}:{$pool['queues']}";
    }

    /** @return array<string, mixed> what holds for a pool, under the same keys as in the configuration */
    public function poolSettings(string $connection, string $queues): array
    {
        return $this->ask('qa_configuration_pool_settings', $connection, $queues);
    }

    /** @return list<array{connection: string, queues: string}> the pools that the configuration names */
    public function pools(): array
    {
        return $this->description['pools'];
    }

    /** @return list<string> what is allowed but will hardly do what is expected */
    public function warnings(): array
    {
        return $this->description['warnings'];
    }

    /** @return array<string, mixed> the whole of it with its defaults filled in; fromArray() takes it back */
    public function toArray(): array
    {
        return $this->description['configuration'];
    }

    private function ask(string $function, string $connection, string $queue): mixed
    {
        return Library::get()->call(
            $function,
            $this->handle->pointer,
            $connection,
            strlen($connection),
            $queue,
            strlen($queue),
        );
    }
}
