<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Installation\CannotInstall;
use QueueAutoscale\Laravel\Installation\Platform;
use QueueAutoscale\Laravel\Installation\Product;
use QueueAutoscale\Laravel\Installation\Release;

final class PlatformTest extends TestCase
{
    public function test_this_php_is_named_as_the_files_of_a_release_are(): void
    {
        $version = PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;

        self::assertMatchesRegularExpression(
            "/^php{$version}-(x86_64|arm64)-(linux-(glibc|musl)|darwin-bsdlibc)(-debug)?(-zts)?$/",
            Platform::ofThisPhp()->php(),
        );
    }

    /** Excerpts of /proc/self/maps of PHP on Debian 14, CentOS 7 and Alpine 3. */
    #[TestWith(['7f00-7f01 r-xp 0 fd:00 1 /usr/lib/x86_64-linux-gnu/libc.so.6', 'glibc'])]
    #[TestWith(['7f00-7f01 r-xp 0 fd:00 1 /usr/lib64/libc-2.17.so', 'glibc'])]
    #[TestWith(['7f00-7f01 r-xp 0 fd:00 1 /lib/ld-musl-x86_64.so.1', 'musl'])]
    public function test_the_c_library_is_the_one_that_is_mapped(string $maps, string $libc): void
    {
        $others = ['5500-5501 r-xp 0 fd:00 1 /usr/bin/php', '7f10-7f11 r-xp 0 fd:00 1 /usr/lib/libcrypto.so.3'];

        self::assertSame($libc, Platform::libcIn(implode("\n", [$others[0], $maps, $others[1], ''])));
    }

    public function test_a_static_php_is_told_that_nothing_fits(): void
    {
        $this->expectExceptionObject(new CannotInstall(
            'This PHP is linked statically, without a C library that files could be loaded with; use a PHP that loads extensions',
        ));

        Platform::libcIn("0040-0050 r-xp 0 fd:00 1 /usr/bin/php\n");
    }

    #[TestWith(['x86_64', 8, 'x86_64'])]
    #[TestWith(['amd64', 8, 'x86_64'])]
    #[TestWith(['aarch64', 8, 'arm64'])]
    #[TestWith(['arm64', 8, 'arm64'])]
    #[TestWith(['x86_64', 4, null])]
    #[TestWith(['riscv64', 8, null])]
    public function test_an_architecture_without_files_is_refused(string $machine, int $integerBytes, ?string $architecture): void
    {
        if ($architecture === null) {
            $this->expectException(CannotInstall::class);
            $this->expectExceptionMessage("PHP runs on {$machine} with " . 8 * $integerBytes . ' bits');
        }

        self::assertSame($architecture, Platform::architectureOf($machine, $integerBytes));
    }

    public function test_an_extension_fits_one_php_and_a_library_every_one(): void
    {
        $release = Release::ofPackage(__DIR__ . '/../../..');
        $platform = new Platform('arm64', 'linux', 'musl', '8.5', isThreadSafe: true);

        self::assertSame(
            "php_queue_autoscale-{$release->version}_php8.5-arm64-linux-musl-zts.tgz",
            $release->archive(Product::Extension, $platform),
        );
        self::assertSame("libqueue_autoscale-{$release->version}-arm64-linux-musl.tgz", $release->archive(Product::Library, $platform));
        self::assertStringEndsWith("/releases/download/{$release->version}", $release->url);
        self::assertStringStartsWith('https://', $release->url);
    }
}
