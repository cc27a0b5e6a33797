<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use Illuminate\Filesystem\Filesystem;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Installation\Installation;
use QueueAutoscale\Laravel\Installation\Product;

/** Puts what was really built into a folder of its own and lets a new PHP take it from there. */
final class InstallationTest extends TestCase
{
    private const BUILD = __DIR__ . '/../../../build';

    private const VERSION = '/^\d+\.\d+\.\d+/';

    private string $package;

    protected function setUp(): void
    {
        $this->package = sys_get_temp_dir() . '/queue-autoscale-package-' . bin2hex(random_bytes(4));
        mkdir($this->package);
    }

    protected function tearDown(): void
    {
        (new Filesystem())->deleteDirectory($this->package);
    }

    public function test_the_library_is_found_in_the_package_without_a_word_in_php_ini(): void
    {
        $installation = new Installation($this->package, Product::Library);
        self::assertSame("{$this->package}/lib", $installation->folder());

        $file = $installation->put(self::BUILD . '/libqueue_autoscale.so', $installation->folder());

        self::assertNotNull($file);
        self::assertFileEquals(self::BUILD . '/libqueue_autoscale.so', $file);
        self::assertMatchesRegularExpression(self::VERSION, $installation->loadedVersion($file));
        self::assertNull($installation->iniLine($file));
    }

    public function test_a_library_elsewhere_is_named_in_php_ini(): void
    {
        $installation = new Installation($this->package, Product::Library);
        $file = (string) $installation->put(self::BUILD . '/libqueue_autoscale.so', "{$this->package}/else/where");

        self::assertSame("queue_autoscale.library={$file}", $installation->iniLine($file));
        self::assertStringEndsWith('.ini', $installation->iniFile());
    }

    public function test_an_extension_outside_phps_folder_is_named_in_full(): void
    {
        $installation = new Installation($this->package, Product::Extension);
        $file = (string) $installation->put(self::BUILD . '/queue_autoscale.so', $this->package);

        self::assertSame("{$this->package}/queue_autoscale.so", $file);
        self::assertMatchesRegularExpression(self::VERSION, $installation->loadedVersion($file));
        self::assertSame("extension={$file}", $installation->iniLine($file));
    }

    public function test_a_file_that_php_does_not_take_has_no_version(): void
    {
        file_put_contents("{$this->package}/broken.so", 'no extension');

        foreach (Product::cases() as $product) {
            self::assertSame('', (new Installation($this->package, $product))->loadedVersion("{$this->package}/broken.so"));
        }
    }

    public function test_a_folder_that_cannot_be_made_is_told(): void
    {
        file_put_contents("{$this->package}/file", '');
        $installation = new Installation($this->package, Product::Library);

        self::assertNull($installation->put(self::BUILD . '/libqueue_autoscale.so', "{$this->package}/file/folder"));
        self::assertNull($installation->put("{$this->package}/was-not-built", $this->package));
    }
}
