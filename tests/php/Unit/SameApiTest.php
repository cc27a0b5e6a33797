<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;

/** The extension's classes and those over FFI can be used in each other's place. */
final class SameApiTest extends TestCase
{
    private const PROJECT = __DIR__ . '/../../..';

    private const EXTENSION = self::PROJECT . '/build/queue_autoscale.so';

    #[Test]
    public function both_have_the_same_classes_with_the_same_members(): void
    {
        $extension = self::api(['-d', 'extension=' . self::EXTENSION], []);
        $ffi = self::api([], array_keys($extension));

        self::assertGreaterThan(15, count($extension));

        foreach ($extension as $class => $api) {
            self::assertSame($api, $ffi[$class], $class);
        }
    }

    /**
     * @param list<string> $options of PHP
     * @param list<string> $classes
     * @return array<string, array<string, mixed>>
     */
    private static function api(array $options, array $classes): array
    {
        // Whatever this process has loaded, the other one starts without the extension.
        $scanned = array_filter(
            explode(':', (string) getenv('PHP_INI_SCAN_DIR')),
            static fn(string $folder): bool => ! str_ends_with($folder, '/php.d/extension'),
        );
        $process = proc_open(
            [PHP_BINARY, ...$options, self::PROJECT . '/tests/php/Support/api.php', ...$classes],
            [1 => ['pipe', 'w']],
            $pipes,
            env_vars: ['PHP_INI_SCAN_DIR' => implode(':', $scanned)] + getenv(),
        );
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $output);

        return json_decode($output, associative: true, flags: JSON_THROW_ON_ERROR);
    }
}
