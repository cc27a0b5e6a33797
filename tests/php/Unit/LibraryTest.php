<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;

/** Finding and loading the C library, each time in a PHP of its own that has no extension. */
final class LibraryTest extends TestCase
{
    private const PACKAGE = __DIR__ . '/../../..';

    private const LIBRARY = self::PACKAGE . '/build/libqueue_autoscale.so';

    private const USE = <<<'PHP'
        spl_autoload_register(static function (string $class): void {
            require $GLOBALS['argv'][1] . '/php/ffi/' . strtr(substr($class, strlen('QueueAutoscale\\')), '\\', '/') . '.php';
        });
        try {
            $line = __LINE__ + 1;
            $configuration = QueueAutoscale\Configuration::fromArray([]);
            echo $configuration->intervalSeconds();
        } catch (QueueAutoscale\Exception\LibraryUnavailable $unavailable) {
            echo $unavailable->getLine() === $line ? '' : 'from elsewhere: ', $unavailable->getMessage();
        }
        PHP;

    /** @return iterable<string, array{list<string>, array<string, string>, string}> options of PHP, environment, output */
    public static function places(): iterable
    {
        $ini = ['-d', 'queue_autoscale.library=' . self::LIBRARY];

        yield 'the environment says where it is' => [[], ['QUEUE_AUTOSCALE_LIBRARY' => self::LIBRARY], '5'];
        yield 'php.ini says where it is' => [$ini, [], '5'];
        yield 'the environment goes before php.ini' => [
            $ini,
            ['QUEUE_AUTOSCALE_LIBRARY' => '/nowhere.so'],
            'QUEUE_AUTOSCALE_LIBRARY names /nowhere.so, which is no file',
        ];
        yield 'it is no library' => [
            [],
            ['QUEUE_AUTOSCALE_LIBRARY' => __FILE__],
            'run php artisan queue:autoscale:install, or build it with vendor/bin/queue-autoscale-build --library',
        ];
        yield 'FFI is switched off' => [
            ['-d', 'ffi.enable=0'],
            ['QUEUE_AUTOSCALE_LIBRARY' => self::LIBRARY],
            'set "ffi.enable = true" in the php.ini of the command line',
        ];
        yield 'building the library would not help' => [
            ['-d', 'ffi.enable=0'],
            ['QUEUE_AUTOSCALE_LIBRARY' => '/nowhere.so'],
            'set "ffi.enable = true" in the php.ini of the command line',
        ];
    }

    /**
     * @param list<string> $options
     * @param array<string, string> $environment
     */
    #[Test]
    #[DataProvider('places')]
    public function it_is_used_or_the_error_says_what_to_do(array $options, array $environment, string $output): void
    {
        self::assertStringContainsString($output, self::php($options, $environment, self::PACKAGE));
    }

    #[Test]
    public function it_is_found_next_to_the_package(): void
    {
        $package = self::copyOfThePackage();

        self::assertStringContainsString('build it with vendor/bin/queue-autoscale-build', self::php([], [], $package));

        mkdir("{$package}/lib");
        copy(self::LIBRARY, "{$package}/lib/libqueue_autoscale.so");

        self::assertSame('5', self::php([], [], $package));
    }

    #[Test]
    #[TestWith(['QA_ABI_VERSION', '/is version \S+ with the interface 4\.\d+ where this package needs 99\.\d+; run php artisan /'])]
    #[TestWith(['QA_ABI_REVISION', '/is version \S+ with the interface 4\.\d+ where this package needs 4\.99; run php artisan /'])]
    public function a_library_of_another_version_is_refused(string $number, string $message): void
    {
        $package = self::copyOfThePackage();
        $header = "{$package}/include/queue_autoscale.h";
        file_put_contents($header, preg_replace("/^#define {$number} \d+/m", "#define {$number} 99", (string) file_get_contents($header)));

        self::assertMatchesRegularExpression($message, self::php([], ['QUEUE_AUTOSCALE_LIBRARY' => self::LIBRARY], $package));
    }

    #[Test]
    public function a_library_with_additions_is_used(): void
    {
        $library = self::compiled(['-DREVISION=99', '-Wl,--no-as-needed', self::LIBRARY, '-Wl,-rpath,' . dirname((string) realpath(self::LIBRARY))]);

        self::assertSame('5', self::php([], ['QUEUE_AUTOSCALE_LIBRARY' => $library], self::PACKAGE));
    }

    #[Test]
    public function a_library_that_lacks_what_its_numbers_promise_is_refused_with_both_versions(): void
    {
        // As many as are promised, so that only what is missing tells.
        $library = self::compiled(['-DREVISION=99']);

        self::assertMatchesRegularExpression(
            "/numbers\\.so is version 0\\.0\\.9 with the interface 4\\.99 where this package needs 4\\.\\d+, and cannot be used "
            . "\\(Failed resolving C function '\\w+'\\); run php artisan queue:autoscale:install, or build it/",
            self::php([], ['QUEUE_AUTOSCALE_LIBRARY' => $library], self::PACKAGE),
        );
    }

    /**
     * @param list<string> $options
     * @param array<string, string> $environment
     */
    private static function php(array $options, array $environment, string $package): string
    {
        $scanned = array_filter(
            explode(':', (string) getenv('PHP_INI_SCAN_DIR')),
            static fn(string $folder): bool => ! str_ends_with($folder, '/php.d/extension'),
        );
        $process = proc_open(
            [PHP_BINARY, ...$options, '-r', self::USE, '--', $package],
            [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
            $pipes,
            env_vars: $environment + ['PHP_INI_SCAN_DIR' => implode(':', $scanned), 'QUEUE_AUTOSCALE_LIBRARY' => ''] + getenv(),
        );
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);
        proc_close($process);

        return $output;
    }

    /**
     * A library that has the numbers of tests/c/numbers.c and nothing else, unless it is linked with something.
     *
     * @param list<string> $options of the compiler
     */
    private static function compiled(array $options): string
    {
        $library = self::temporaryFolder() . '/numbers.so';
        $command = ['cc', '-shared', '-fPIC', '-o', $library, self::PACKAGE . '/tests/c/numbers.c', ...$options];
        exec(implode(' ', array_map(escapeshellarg(...), $command)) . ' 2>&1', $output, $code);
        self::assertSame(0, $code, implode("\n", $output));

        return $library;
    }

    /** What of the package these classes need, without the library. */
    private static function copyOfThePackage(): string
    {
        $copy = self::temporaryFolder();

        foreach (['php/ffi', 'include'] as $folder) {
            mkdir("{$copy}/{$folder}", recursive: true);
            exec('cp -r ' . escapeshellarg(self::PACKAGE . "/{$folder}/.") . ' ' . escapeshellarg("{$copy}/{$folder}"), result_code: $code);
            self::assertSame(0, $code);
        }

        return $copy;
    }

    private static function temporaryFolder(): string
    {
        $folder = sys_get_temp_dir() . '/queue-autoscale-' . getmypid() . '-' . bin2hex(random_bytes(4));
        mkdir($folder);
        register_shutdown_function(static fn() => exec('rm -r ' . escapeshellarg($folder)));

        return $folder;
    }
}
