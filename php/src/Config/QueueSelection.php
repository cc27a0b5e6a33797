<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Config;

use Illuminate\Support\Str;

/**
 * The queues that a list of names selects, by the rules of `queue-autoscale.queues`: "emails" is on the default connection,
 * "redis:emails" on another, "tenant-*" and "*:emails" are several. No name selects all queues.
 *
 * A pool that works several queues is selected by each of them, and by all of them as in `--queue=`.
 *
 * @internal
 */
final readonly class QueueSelection
{
    /** @var list<array{name: string, connection: string, queue: string}> */
    private array $patterns;

    /**
     * @param list<string> $names
     * @param list<string> $connections the application's
     */
    public function __construct(array $names, string $defaultConnection, array $connections)
    {
        $this->patterns = array_map(
            static fn(string $name): array => ['name' => $name, ...self::pattern($name, $defaultConnection, $connections)],
            $names,
        );
    }

    /** @param list<string> $names */
    public static function ofApplication(array $names): self
    {
        return new self(
            $names,
            app(QueueConnections::class)->default(),
            app(QueueConnections::class)->names(),
        );
    }

    public static function all(): self
    {
        return new self([], '', []);
    }

    public function contains(string $connection, string $queues): bool
    {
        foreach ($this->patterns as $pattern) {
            if (self::fits($pattern, $connection, $queues)) {
                return true;
            }
        }

        return $this->patterns === [];
    }

    /**
     * @param list<array{string, string}> $pools connection and queues of each
     * @return list<string> the names that select none of them
     */
    public function namesOfNone(array $pools): array
    {
        $ofSome = array_filter($this->patterns, static fn(array $pattern): bool => array_filter(
            $pools,
            static fn(array $pool): bool => self::fits($pattern, ...$pool),
        ) !== []);

        return array_column(array_diff_key($this->patterns, $ofSome), 'name');
    }

    /** @param array{connection: string, queue: string} $pattern */
    private static function fits(array $pattern, string $connection, string $queues): bool
    {
        if (! Str::is($pattern['connection'], $connection)) {
            return false;
        }

        foreach ([$queues, ...explode(',', $queues)] as $queue) {
            if (Str::is($pattern['queue'], $queue)) {
                return true;
            }
        }

        return false;
    }

    /**
     * A connection's name may have colons too, so the longest one that the application has is taken.
     *
     * @param list<string> $connections
     * @return array{connection: string, queue: string}
     */
    private static function pattern(string $name, string $defaultConnection, array $connections): array
    {
        $parts = explode(':', $name);

        for ($count = count($parts) - 1; $count > 0; $count--) {
            $connection = implode(':', array_slice($parts, 0, $count));

            foreach ([$defaultConnection, ...$connections] as $known) {
                if (Str::is($connection, $known)) {
                    return ['connection' => $connection, 'queue' => implode(':', array_slice($parts, $count))];
                }
            }
        }

        return ['connection' => $defaultConnection, 'queue' => $name];
    }
}
