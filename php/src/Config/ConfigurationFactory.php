<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Config;

use Illuminate\Contracts\Config\Repository;
use Illuminate\Contracts\Foundation\Application;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\InvalidConfiguration;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\Contracts\ScalingStrategyContract;
use QueueAutoscale\Laravel\Contracts\WorkerBackend;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use Symfony\Component\Process\PhpExecutableFinder;

/**
 * Turns config/queue-autoscale.php into the validated configuration: fills in what only the application knows, and
 * checks what only PHP can, namely that classes exist.
 *
 * @internal
 */
final class ConfigurationFactory
{
    public function __construct(
        private readonly Application $app,
        private readonly Repository $config,
        private readonly QueueConnections $connections,
    ) {
    }

    /** @throws CannotStart with every error at once, each naming its key */
    public function make(): Configuration
    {
        return $this->of((array) $this->config->get('queue-autoscale'));
    }

    /**
     * The same for values that differ from the application's own.
     *
     * @param array<string, mixed> $values
     * @throws CannotStart
     */
    public function of(array $values): Configuration
    {
        $errors = $this->classErrors($values);

        try {
            $configuration = Configuration::fromArray($this->withApplicationsFacts($values));
        } catch (InvalidConfiguration $invalid) {
            throw new CannotStart([...array_map($this->explained(...), $invalid->errors()), ...$errors]);
        }

        if ($errors !== []) {
            throw new CannotStart($errors);
        }

        return $configuration;
    }

    /** @return list<string> what is allowed but will hardly do what is expected, each with its key's full path */
    public function warnings(): array
    {
        return array_map(self::withFile(...), $this->make()->warnings());
    }

    /** @return array<string, mixed> what holds for the workers of every queue that says nothing else */
    public function workers(): array
    {
        $this->make();

        return $this->withApplicationsFacts((array) $this->config->get('queue-autoscale'))['workers'];
    }

    /**
     * @param array<string, mixed> $values
     * @return array<string, mixed>
     */
    private function withApplicationsFacts(array $values): array
    {
        $values['connection'] = $this->connections->resolve($values['connection'] ?? null);
        $values['connections'] = $this->connections->names();

        if (is_array($values['excluded'] ?? [])) {
            $values['excluded'] = [
                ...$values['excluded'] ?? [],
                ...array_map(static fn(string $name): string => "{$name}:*", $this->connections->withoutWorkers()),
            ];
        }

        $workers = $values['workers'] ?? [];

        if (is_array($workers)) {
            $workers['php_binary'] ??= (new PhpExecutableFinder())->find(includeArgs: false) ?: PHP_BINARY;
            $workers['artisan_path'] ??= $this->app->basePath('artisan');
            $workers['working_directory'] ??= $this->app->basePath();
            $values['workers'] = $workers;
        }

        return $values;
    }

    /**
     * @param array<string, mixed> $values
     * @return list<string>
     */
    private function classErrors(array $values): array
    {
        $errors = [
            ...$this->backendErrors($values['backend'] ?? null),
            ...$this->strategyErrors('strategy', $values['strategy'] ?? null),
        ];

        foreach (['queues', 'groups', 'profiles'] as $section) {
            foreach (is_array($values[$section] ?? null) ? $values[$section] : [] as $name => $entry) {
                $errors = [
                    ...$errors,
                    ...$this->strategyErrors("{$section}.{$name}.strategy", is_array($entry) ? $entry['strategy'] ?? null : null),
                ];
            }
        }

        foreach (array_values((array) ($values['policies'] ?? [])) as $index => $policy) {
            $class = is_array($policy) ? $policy['class'] ?? null : $policy;
            $errors = [...$errors, ...$this->classError("policies.{$index}", $class, ScalingPolicy::class)];
        }

        $channel = $values['manager']['log_channel'] ?? null;

        if ($channel !== null && ! is_array($this->config->get('logging.channels.' . (is_string($channel) ? $channel : '')))) {
            $known = implode(', ', array_keys((array) $this->config->get('logging.channels')));
            $errors[] = self::withFile(sprintf(
                'manager.log_channel: %s is no log channel; use one of config/logging.php (%s), or null for the default.',
                json_encode($channel),
                $known,
            ));
        }

        return $errors;
    }

    /** @return list<string> */
    private function backendErrors(mixed $backend): array
    {
        // Shipped ones have no namespace, and are checked with the rest.
        $isClass = is_string($backend) && str_contains($backend, '\\');

        return $isClass ? $this->classError('backend', $backend, WorkerBackend::class) : [];
    }

    /** @return list<string> */
    private function strategyErrors(string $key, mixed $strategy): array
    {
        return $strategy === null ? [] : $this->classError($key, $strategy, ScalingStrategyContract::class);
    }

    /**
     * @param class-string $contract
     * @return list<string>
     */
    private function classError(string $key, mixed $class, string $contract): array
    {
        if (is_string($class) && (is_a($class, $contract, allow_string: true) || $this->app->bound($class))) {
            return [];
        }

        $what = is_string($class) && class_exists($class) ? 'does not implement' : 'is no class that implements';
        $name = is_string($class) ? $class : json_encode($class);

        return [self::withFile("{$key}: {$name} {$what} {$contract}.")];
    }

    /** Whoever names a queue of such a connection did not exclude it himself. */
    private function explained(string $error): string
    {
        foreach ($this->connections->withoutWorkers() as $name) {
            $error = str_replace(
                "is excluded by \"{$name}:*\"; remove it here or there",
                "cannot be worked: the connection {$name} ({$this->connections->driver($name)}) keeps no jobs for workers; name the "
                . 'connection that has them, as in "redis:emails"',
                $error,
            );
        }

        return self::withFile($error);
    }

    private static function withFile(string $message): string
    {
        return str_starts_with($message, 'queue-autoscale.') ? $message : "queue-autoscale.{$message}";
    }
}
