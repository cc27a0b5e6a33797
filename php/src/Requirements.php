<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

use QueueAutoscale\Exception\LibraryUnavailable;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Metrics\PackageVersion;
use QueueAutoscale\Native\Header;
use QueueAutoscale\Native\Library;

/**
 * What must be installed.
 *
 * @internal
 */
final class Requirements
{
    /** @throws CannotStart */
    public static function check(): void
    {
        self::checkExtension();
        self::checkQueueMetrics();
    }

    /** @throws CannotStart */
    public static function checkQueueMetrics(): void
    {
        $refusal = PackageVersion::refusal();

        if ($refusal !== null) {
            throw CannotStart::because($refusal);
        }
    }

    /**
     * An extension of another time lacks methods, or gives them another meaning.
     *
     * @throws CannotStart
     */
    private static function checkInterface(): void
    {
        [$version, $revision] = array_map(
            static fn(string $name): int => defined($name) ? (int) constant($name) : 0,
            ['QUEUE_AUTOSCALE_ABI_VERSION', 'QUEUE_AUTOSCALE_ABI_REVISION'],
        );

        if ($version !== Header::abiVersion() || $revision < Header::abiRevision()) {
            throw CannotStart::because(sprintf(
                'The extension queue_autoscale %s has the interface %d.%d where this package needs %d.%d: install the extension of the '
                . "package's own version, then start PHP anew.",
                phpversion('queue_autoscale'),
                $version,
                $revision,
                Header::abiVersion(),
                Header::abiRevision(),
            ));
        }
    }

    /** @throws CannotStart */
    public static function checkExtension(): void
    {
        if (extension_loaded('queue_autoscale')) {
            self::checkInterface();

            return;
        }

        try {
            Library::get();
        } catch (LibraryUnavailable $unavailable) {
            throw CannotStart::because($unavailable->getMessage());
        }
    }
}
