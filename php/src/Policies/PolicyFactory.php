<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Policies;

use Illuminate\Contracts\Config\Repository as Config;
use Illuminate\Contracts\Container\Container;
use Illuminate\Support\Str;
use InvalidArgumentException;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use ReflectionClass;
use ReflectionNamedType;
use Throwable;

/**
 * Makes the policies that the configuration lists: a class, or `['class' => …]` with arguments of its constructor.
 *
 * @internal
 */
final class PolicyFactory
{
    public function __construct(
        private readonly Container $container,
        private readonly Config $config,
    ) {
    }

    /**
     * @return list<ScalingPolicy>
     *
     * @throws CannotStart
     */
    public function all(): array
    {
        $policies = [$this->container->make(HoldPausedQueues::class)];
        $errors = [];

        foreach (array_values((array) $this->config->get('queue-autoscale.policies')) as $index => $entry) {
            try {
                $policies[] = $this->make($entry);
            } catch (Throwable $thrown) {
                $errors[] = "queue-autoscale.policies.{$index}: " . rtrim($thrown->getMessage(), '.') . '.';
            }
        }

        return $errors === [] ? $policies : throw new CannotStart($errors);
    }

    /** @param class-string|array<string, mixed> $entry */
    private function make(string|array $entry): ScalingPolicy
    {
        $class = is_array($entry) ? $entry['class'] : $entry;
        $arguments = [];

        foreach (is_array($entry) ? array_diff_key($entry, ['class' => true]) : [] as $name => $value) {
            $arguments[Str::camel((string) $name)] = $value;
        }

        self::check($class, $arguments);

        return $this->container->make($class, $arguments);
    }

    /**
     * The container passes over arguments that the constructor does not have: a policy for "queue" in place of "queues" would be one
     * for all queues.
     *
     * @param array<string, mixed> $arguments
     * @throws InvalidArgumentException
     */
    private static function check(string $class, array $arguments): void
    {
        // A name that the application bound is made by a closure, which takes what it likes.
        if (! class_exists($class)) {
            return;
        }

        $known = [];

        foreach ((new ReflectionClass($class))->getConstructor()?->getParameters() ?? [] as $parameter) {
            $type = $parameter->getType();

            // What the container gives it by itself.
            if ($type instanceof ReflectionNamedType && ! $type->isBuiltin() && ! array_key_exists($parameter->getName(), $arguments)) {
                continue;
            }

            $known[] = Str::snake($parameter->getName());

            if (! $parameter->isOptional() && ! array_key_exists($parameter->getName(), $arguments)) {
                throw new InvalidArgumentException(
                    class_basename($class) . ' needs "' . Str::snake($parameter->getName()) . '"',
                );
            }
        }

        foreach (array_keys($arguments) as $name) {
            if (! in_array(Str::snake($name), $known, strict: true)) {
                throw new InvalidArgumentException(sprintf(
                    '%s takes no "%s"; it takes %s',
                    class_basename($class),
                    Str::snake($name),
                    $known === [] ? 'nothing' : implode(', ', $known),
                ));
            }
        }
    }
}
