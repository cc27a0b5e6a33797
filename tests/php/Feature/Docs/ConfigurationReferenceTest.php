<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Docs;

use PHPUnit\Framework\TestCase;

/** The reference and the published file name the same keys. */
final class ConfigurationReferenceTest extends TestCase
{
    private const PROJECT = __DIR__ . '/../../../..';

    public function test_every_key_of_the_published_file_is_in_the_reference(): void
    {
        $reference = (string) file_get_contents(self::PROJECT . '/docs/configuration.md');

        foreach (self::keys(require self::PROJECT . '/php/config/queue-autoscale.php') as $key) {
            self::assertStringContainsString("`{$key}`", $reference, "docs/configuration.md says nothing of {$key}");
        }
    }

    /**
     * @param array<string, mixed> $values
     * @return list<string>
     */
    private static function keys(array $values): array
    {
        $keys = [];

        foreach ($values as $key => $value) {
            $keys = [...$keys, (string) $key, ...(is_array($value) ? self::keys($value) : [])];
        }

        return $keys;
    }
}
