<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Policies;

use Illuminate\Contracts\Config\Repository as Config;
use Illuminate\Contracts\Container\Container;
use Illuminate\Support\Str;
use QueueAutoscale\Laravel\Contracts\ScalingPolicy;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
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
            $arguments[Str::camel($name)] = $value;
        }

        return $this->container->make($class, $arguments);
    }
}
