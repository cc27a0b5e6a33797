<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Metrics;

use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Metrics\PackageVersion;

final class PackageVersionTest extends TestCase
{
    #[TestWith(['3.3.0', false])]
    #[TestWith(['v3.3.2', false])]
    #[TestWith(['3.10.0', false])]
    #[TestWith(['4.0.0', false])]
    #[TestWith(['3.3.0-beta1', false])]
    #[TestWith(['dev-main', true])]
    #[TestWith([null, true])]
    public function test_it_takes(?string $version, bool $looksRecent): void
    {
        self::assertNull(PackageVersion::refusalOf($version, $looksRecent));
    }

    #[TestWith(['3.2.9', true, 'cboxdk/laravel-queue-metrics 3.2.9 is installed, but'])]
    #[TestWith(['2.5.0', true, 'cboxdk/laravel-queue-metrics 2.5.0 is installed, but'])]
    #[TestWith(['dev-main', false, 'cboxdk/laravel-queue-metrics, an old version, is installed, but'])]
    #[TestWith([null, false, 'cboxdk/laravel-queue-metrics, an old version, is installed, but'])]
    public function test_it_refuses(?string $version, bool $looksRecent, string $sentence): void
    {
        $refusal = (string) PackageVersion::refusalOf($version, $looksRecent);

        self::assertStringStartsWith($sentence, $refusal);
        self::assertStringEndsWith('run "composer require cboxdk/laravel-queue-metrics:^3.3".', $refusal);
    }
}
