<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Metrics;

use Cbox\LaravelQueueMetrics\Actions\CalculateQueueMetricsAction;
use Cbox\LaravelQueueMetrics\DataTransferObjects\QueueDepthData;
use Cbox\LaravelQueueMetrics\Facades\QueueMetrics;
use Composer\InstalledVersions;

/**
 * Which cboxdk/laravel-queue-metrics is installed, and whether it will do.
 *
 * @internal
 */
final class PackageVersion
{
    private const PACKAGE = 'cboxdk/laravel-queue-metrics';

    private const LEAST = '3.3';

    private const REMEDY = 'run "composer require cboxdk/laravel-queue-metrics:^3.3".';

    /** @return ?string why nothing can be done with what is installed, and the remedy; null where it will do */
    public static function refusal(): ?string
    {
        if (! class_exists(QueueMetrics::class) || ! class_exists(CalculateQueueMetricsAction::class)) {
            return 'The package ' . self::PACKAGE . ' is not installed, and all numbers come from it: ' . self::REMEDY;
        }

        return self::refusalOf(self::asComposerHasIt(), method_exists(QueueDepthData::class, 'toQueueStateArray'));
    }

    /**
     * @param ?string $version as Composer writes it; null where there is no Composer
     * @param bool $looksRecent decides where the version is none that can be compared, as that of a branch
     */
    public static function refusalOf(?string $version, bool $looksRecent): ?string
    {
        $isComparable = $version !== null && preg_match('/^v?\d+\.\d+/', $version) === 1 && ! str_starts_with($version, '9999999');

        if ($isComparable ? version_compare(ltrim($version, 'v'), self::LEAST . '.0-dev', '>=') : $looksRecent) {
            return null;
        }

        return sprintf(
            '%s%s is installed, but older ones than %s miss queues and read keys that are not there: %s',
            self::PACKAGE,
            $isComparable ? " {$version}" : ', an old version,',
            self::LEAST,
            self::REMEDY,
        );
    }

    private static function asComposerHasIt(): ?string
    {
        return class_exists(InstalledVersions::class) && InstalledVersions::isInstalled(self::PACKAGE)
            ? InstalledVersions::getPrettyVersion(self::PACKAGE)
            : null;
    }
}
