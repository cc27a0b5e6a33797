<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use Illuminate\Filesystem\Filesystem;
use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Installation\CannotInstall;
use QueueAutoscale\Laravel\Installation\Installation;
use QueueAutoscale\Laravel\Installation\Product;
use QueueAutoscale\Laravel\Installation\Release;
use QueueAutoscale\Laravel\Installation\TemporaryFolder;

/** Puts what was really built into a folder of its own and lets a new PHP take it from there. */
final class InstallationTest extends TestCase
{
    private const BUILD = __DIR__ . '/../../../build';

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

    public function test_the_library_is_found_at_home_without_a_word_in_php_ini(): void
    {
        $installation = new Installation("{$this->package}/home", Product::Library);
        self::assertSame("{$this->package}/home", $installation->folder());

        $file = $installation->put(self::BUILD . '/libqueue_autoscale.so', $installation->folder(), self::version());

        self::assertFileEquals(self::BUILD . '/libqueue_autoscale.so', $file);
        self::assertSame(['libqueue_autoscale.so'], array_values(array_diff((array) scandir(dirname($file)), ['.', '..'])));
        self::assertNull($installation->iniLine($file));
    }

    public function test_a_library_elsewhere_is_named_in_php_ini(): void
    {
        $installation = new Installation("{$this->package}/home", Product::Library);
        $file = $installation->put(self::BUILD . '/libqueue_autoscale.so', "{$this->package}/else/where", self::version());

        self::assertSame("queue_autoscale.library={$file}", $installation->iniLine($file));
        self::assertStringEndsWith('.ini', $installation->iniFile());
    }

    public function test_an_extension_outside_phps_folder_is_named_in_full(): void
    {
        $installation = new Installation("{$this->package}/home", Product::Extension);
        $file = $installation->put(self::BUILD . '/queue_autoscale.so', $this->package, self::version());

        self::assertSame("{$this->package}/queue_autoscale.so", $file);
        self::assertSame("extension={$file}", $installation->iniLine($file));
    }

    #[TestWith([Product::Library])]
    #[TestWith([Product::Extension])]
    public function test_a_file_that_php_does_not_take_leaves_the_one_before_in_place(Product $product): void
    {
        file_put_contents("{$this->package}/broken.so", 'no extension');
        $installation = new Installation($this->package, $product);
        file_put_contents($installation->file($this->package), 'the one before');

        $message = '/PHP does not take .*: .*(file too short|invalid ELF header)/';
        $this->assertRefused($message, $installation, "{$this->package}/broken.so", $this->package);
        self::assertStringEqualsFile($installation->file($this->package), 'the one before');
        self::assertSame([], glob("{$this->package}/.queue-autoscale-*"));
    }

    public function test_a_file_of_another_version_is_refused(): void
    {
        $this->assertRefused(
            '/is version \d\S+, and this package is version 9\.9\.9; take the file of this version/',
            new Installation($this->package, Product::Library),
            self::BUILD . '/libqueue_autoscale.so',
            $this->package,
            '9.9.9',
        );
    }

    public function test_a_folder_that_cannot_be_made_is_told(): void
    {
        file_put_contents("{$this->package}/file", '');
        $installation = new Installation($this->package, Product::Library);

        $this->assertRefused('/cannot be made/', $installation, self::BUILD . '/libqueue_autoscale.so', "{$this->package}/file/folder");
        $this->assertRefused('/cannot be copied/', $installation, "{$this->package}/was-not-built", $this->package);
    }

    public function test_a_temporary_folder_is_of_this_user_alone_and_goes_with_its_object(): void
    {
        $folder = new TemporaryFolder($this->package);
        $path = $folder->path;
        mkdir("{$path}/inside");
        symlink(self::BUILD, "{$path}/inside/link");

        self::assertSame(0o700, fileperms($path) & 0o777);
        self::assertSame(posix_geteuid(), fileowner($path));

        unset($folder);

        self::assertDirectoryDoesNotExist($path);
        self::assertFileExists(self::BUILD . '/libqueue_autoscale.so');
    }

    private static function version(): string
    {
        return Release::ofPackage(__DIR__ . '/../../..')->version;
    }

    private function assertRefused(string $message, Installation $installation, string $built, string $folder, ?string $version = null): void
    {
        try {
            $installation->put($built, $folder, $version ?? self::version());
            self::fail('It was installed.');
        } catch (CannotInstall $refused) {
            self::assertMatchesRegularExpression($message, $refused->getMessage());
        }
    }
}
