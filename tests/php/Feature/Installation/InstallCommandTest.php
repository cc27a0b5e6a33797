<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Installation;

use PHPUnit\Framework\Attributes\DataProvider;
use QueueAutoscale\Laravel\Installation\Home;
use QueueAutoscale\Laravel\Installation\PackageFolder;
use QueueAutoscale\Laravel\Installation\Platform;
use QueueAutoscale\Laravel\Installation\Product;
use QueueAutoscale\Laravel\QueueAutoscaleServiceProvider;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Artisan;
use QueueAutoscale\Tests\Support\ReleasedPackage;
use QueueAutoscale\Tests\Support\ReleaseServer;
use QueueAutoscale\Tests\Support\Wait;

/** From archives of what was built here, over a server that does what servers do, into an application's storage. */
final class InstallCommandTest extends FeatureTestCase
{
    private const BUILD = __DIR__ . '/../../../../build';

    private const PROJECT = __DIR__ . '/../../../..';

    private ReleasedPackage $released;

    private ReleaseServer $server;

    private string $archive;

    protected function setUp(): void
    {
        parent::setUp();
        $this->released = new ReleasedPackage("{$this->folder->path}/release");
        $this->archive = $this->released->add(Product::Library, self::BUILD . '/libqueue_autoscale.so');
        $this->server = new ReleaseServer($this->released->files);
        $this->app->instance(PackageFolder::class, new PackageFolder($this->released->package));
    }

    protected function tearDown(): void
    {
        $this->server->stop();
        parent::tearDown();
    }

    public function test_an_application_is_ready_after_one_command(): void
    {
        $artisan = $this->startInstallation(['--no-interaction', "--from={$this->server->url('whole')}"]);

        self::assertSame(0, $artisan->exitCode(), $artisan->output());
        self::assertStringContainsString("installed   {$this->installedFile()}, which PHP " . PHP_VERSION . ' loads', $artisan->output());
        self::assertMatchesRegularExpression('/^ok +Extension +not loaded; its classes come over FFI from library \d/m', $artisan->output());
        self::assertDoesNotMatchRegularExpression('/^failed/m', $artisan->output());
        self::assertFileEquals(self::BUILD . '/libqueue_autoscale.so', $this->installedFile());
        self::assertSame("*\n", file_get_contents("{$this->folder->path}/queue-autoscale/.gitignore"));
    }

    public function test_what_is_installed_is_not_downloaded_again(): void
    {
        $this->install(['--from' => $this->released->files]);

        [$exitCode, $output] = $this->install(['--from' => '/nowhere']);

        self::assertSame(0, $exitCode);
        self::assertStringContainsString("{$this->installedFile()}, as before", $output);
    }

    public function test_a_damaged_file_is_replaced(): void
    {
        $this->install(['--from' => $this->released->files]);
        file_put_contents($this->installedFile(), 'no library');

        [$exitCode] = $this->install(['--from' => $this->released->files]);

        self::assertSame(0, $exitCode);
        self::assertFileEquals(self::BUILD . '/libqueue_autoscale.so', $this->installedFile());
    }

    public function test_the_configuration_is_published_once(): void
    {
        mkdir("{$this->folder->path}/config");
        $this->app->useConfigPath("{$this->folder->path}/config");
        // The paths that are published were read at boot.
        $this->app->getProvider(QueueAutoscaleServiceProvider::class)?->boot();
        $file = "{$this->folder->path}/config/queue-autoscale.php";

        [, $output] = $this->install(['--from' => $this->released->files]);

        self::assertStringContainsString("published   {$file}", $output);
        file_put_contents($file, '<?php return [];');

        [, $output] = $this->install(['--from' => $this->released->files]);

        self::assertStringNotContainsString('published', $output);
        self::assertStringEqualsFile($file, '<?php return [];');
    }

    public function test_another_host_may_have_the_files(): void
    {
        [$exitCode] = $this->install(['--from' => $this->server->url('elsewhere')]);

        self::assertSame(0, $exitCode);
        self::assertFileEquals(self::BUILD . '/libqueue_autoscale.so', $this->installedFile());
    }

    public function test_a_proxy_is_used(): void
    {
        $artisan = $this->startInstallation(['--from=http://mirror.invalid'], ['HTTP_PROXY' => $this->server->url(), 'NO_PROXY' => '']);

        self::assertSame(0, $artisan->exitCode(), $artisan->output());
        self::assertSame(["http://mirror.invalid/{$this->archive}"], $this->server->requests());
    }

    /** @return iterable<string, array{string, string}> kind of server, message */
    public static function troubles(): iterable
    {
        yield '404' => ['no-such-release', '~answers 404 Not Found; is this the folder of the release\? fetch libqueue_autoscale\S+ on another~'];
        yield 'not now' => ['broken', '~answers 503 Service Unavailable; try again later, or fetch~'];
        yield 'cut' => ['cut', '~could not be downloaded whole: .*; try again, or fetch~'];
        yield 'cut, of unknown length' => ['cut-without-length', '~its SHA-256 is [0-9a-f]{64} instead of [0-9a-f]{64}. It is damaged~'];
        yield 'wrong sum' => ['altered', '~its SHA-256 is [0-9a-f]{64} instead of [0-9a-f]{64}. It is damaged~'];
    }

    #[DataProvider('troubles')]
    public function test_what_does_not_arrive_as_it_was_released_is_not_installed(string $kind, string $message): void
    {
        $this->assertRefused($message, ['--from' => $this->server->url($kind)]);
    }

    public function test_a_server_that_falls_silent_is_left(): void
    {
        $started = hrtime(true);

        $this->assertRefused(
            '~(could not be downloaded whole|cannot be reached): ~',
            ['--from' => $this->server->url('silent'), '--timeout' => '1'],
        );

        self::assertLessThan(10.0, (hrtime(true) - $started) / 1e9);
    }

    public function test_without_a_network_the_way_around_is_told(): void
    {
        $port = (int) substr((string) strrchr($this->server->url(), ':'), 1);
        $this->server->stop();

        $this->assertRefused(
            "~127\\.0\\.0\\.1 cannot be reached: .*behind a proxy set HTTPS_PROXY, and without a network fetch {$this->archive} on another machine "
            . 'and say where it is with --from=FOLDER~',
            ['--from' => "http://127.0.0.1:{$port}"],
        );
    }

    public function test_a_folder_without_the_file_is_told(): void
    {
        $this->assertRefused("~/tmp\\S* has no file {$this->archive}~", ['--from' => $this->folder->path]);
        $this->assertRefused('~there is no folder /nowhere~', ['--from' => '/nowhere']);
        $this->assertRefused('~ftp://mirror is neither a folder nor a URL~', ['--from' => 'ftp://mirror']);
    }

    public function test_an_older_library_is_refused_whatever_its_sum(): void
    {
        $older = "{$this->folder->path}/older.so";
        $source = escapeshellarg(self::PROJECT . '/tests/c/numbers.c');
        exec('cc -shared -fPIC -DREVISION=0 -o ' . escapeshellarg($older) . " {$source}", result_code: $code);
        self::assertSame(0, $code);
        unlink("{$this->released->package}/php/SHA256SUMS");
        $this->released->add(Product::Library, $older);

        $this->assertRefused(
            '~is version 0\.0\.9, and this package is version \d\S+; take the file of this version~',
            ['--from' => $this->released->files],
        );
    }

    public function test_what_php_does_not_take_is_refused_with_its_complaint(): void
    {
        file_put_contents("{$this->folder->path}/no-library.so", 'not compiled');
        unlink("{$this->released->package}/php/SHA256SUMS");
        $this->released->add(Product::Library, "{$this->folder->path}/no-library.so");

        $this->assertRefused(
            '~PHP does not take libqueue_autoscale\.so: .*(file too short|invalid ELF header)~',
            ['--from' => $this->released->files],
        );
    }

    public function test_a_copy_without_checksums_downloads_nothing(): void
    {
        unlink("{$this->released->package}/php/SHA256SUMS");

        $this->assertRefused('~this copy of the package is no release, so it has no checksums~', ['--from' => $this->server->url('whole')]);

        self::assertSame([], $this->server->requests());
    }

    public function test_an_artefact_that_was_not_released_is_told(): void
    {
        $this->assertRefused('~release \S+ has no php_queue_autoscale-\S+\.tgz; build it with --build~', [
            '--extension' => true, '--library' => false, '--to' => $this->folder->path, '--from' => $this->server->url('whole'),
        ]);
    }

    public function test_options_that_make_no_sense_are_told(): void
    {
        $this->assertRefused('~--library and --extension are two things~', ['--extension' => true]);
        $this->assertRefused('~--build compiles what is here, and --from names something else~', ['--build' => true, '--from' => '/nowhere']);
        $this->assertRefused('~--timeout=soon is no number of seconds~', ['--timeout' => 'soon', '--from' => $this->released->files]);
    }

    public function test_check_tells_and_changes_nothing(): void
    {
        [$exitCode, $output] = $this->install(['--check' => true]);

        self::assertSame(1, $exitCode);
        self::assertStringContainsString("would take  {$this->released->release()->url}/{$this->archive}", $output);
        $this->assertNothingInstalled();

        $this->install(['--from' => $this->released->files]);
        [$exitCode, $output] = $this->install(['--check' => true]);

        self::assertSame(0, $exitCode);
        self::assertStringContainsString("installed   {$this->installedFile()}", $output);
    }

    public function test_the_extension_comes_with_its_line_for_php(): void
    {
        $this->released->add(Product::Extension, self::BUILD . '/queue_autoscale.so');
        mkdir("{$this->folder->path}/php.d");
        $to = "{$this->folder->path}/extensions";

        $artisan = $this->startInstallation(
            ['--no-interaction', '--extension', "--from={$this->released->files}", "--to={$to}"],
            ['PHP_INI_SCAN_DIR' => "{$this->folder->path}/php.d::" . implode(':', self::scannedFolders())],
        );

        self::assertSame(0, $artisan->exitCode(), $artisan->output());
        self::assertStringEqualsFile("{$this->folder->path}/php.d/queue_autoscale.ini", "extension={$to}/queue_autoscale.so\n");
        self::assertMatchesRegularExpression('/^ok +Extension +queue_autoscale \d/m', $artisan->output());
    }

    public function test_a_package_folder_that_cannot_be_written_to_does_not_matter(): void
    {
        $nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
        exec(implode(' ', [...$nobody, 'test', '-r', escapeshellarg(self::PROJECT . '/composer.json'), '2>&1']), result_code: $code);

        if (posix_getuid() !== 0 || $code !== 0) {
            self::markTestSkipped('Only root can become a user who may not write to this checkout, and it must be readable for him.');
        }

        exec('chown -R 65534 ' . escapeshellarg($this->folder->path) . ' && chown -R 0 ' . escapeshellarg($this->released->package));
        $artisan = $this->startInstallation(["--from={$this->released->files}"], wrapper: $nobody);

        self::assertSame(0, $artisan->exitCode(), $artisan->output());
        self::assertFileExists($this->installedFile());
    }

    public function test_an_interrupted_installation_leaves_nothing(): void
    {
        $temporary = "{$this->folder->path}/temporary";
        mkdir($temporary);
        $artisan = $this->startInstallation(["--from={$this->server->url('silent')}"], ['TMPDIR' => $temporary]);
        Wait::until(fn(): bool => $this->server->requests() !== [], 10.0, 'the download to begin');

        $artisan->signal(SIGTERM);

        self::assertSame(128 + SIGTERM, $artisan->exitCode());
        self::assertSame([], glob("{$temporary}/*"));
        $this->assertNothingInstalled();
    }

    public function test_sources_are_only_built_where_everything_is_there(): void
    {
        $artisan = $this->startInstallation(['--build'], ['PATH' => '/nowhere', 'HOME' => '/nowhere']);

        self::assertSame(1, $artisan->exitCode());
        self::assertMatchesRegularExpression('/Not installed: this machine lacks\n  - no cargo: install Rust/', $artisan->output());
        $this->assertNothingInstalled();
    }

    /**
     * @param array<string, mixed> $options
     * @return array{int, string}
     */
    private function install(array $options): array
    {
        return $this->artisan('queue:autoscale:install', ['--library' => true, '--no-interaction' => true, ...$options]);
    }

    /** @param array<string, mixed> $options */
    private function assertRefused(string $message, array $options): void
    {
        [$exitCode, $output] = $this->install($options);

        self::assertSame(1, $exitCode, $output);
        self::assertStringStartsWith('Not installed: ', $output);
        self::assertMatchesRegularExpression($message, $output);
        $this->assertNothingInstalled();
    }

    private function assertNothingInstalled(): void
    {
        $left = (string) shell_exec('find ' . escapeshellarg("{$this->folder->path}/queue-autoscale") . ' -type f 2>/dev/null');

        self::assertSame('', $left);
    }

    private function installedFile(): string
    {
        return Home::ofRelease($this->folder->path, $this->released->release(), Platform::ofThisPhp()) . '/libqueue_autoscale.so';
    }

    /**
     * In a process that has neither the extension nor a library that somebody named.
     *
     * @param list<string> $options
     * @param array<string, string> $environment
     * @param list<string> $wrapper
     */
    private function startInstallation(array $options, array $environment = [], array $wrapper = []): Artisan
    {
        return Artisan::startScript(
            __DIR__ . '/../../Support/artisan-of-release.php',
            [$this->released->package, 'queue:autoscale:install', ...$options],
            $this->folder,
            $environment + [
                'QUEUE_AUTOSCALE_LIBRARY' => '',
                'PHP_INI_SCAN_DIR' => ':' . implode(':', self::scannedFolders()),
                'CACHE_STORE' => 'file',
            ],
            $wrapper,
        );
    }

    /** @return list<string> */
    private static function scannedFolders(): array
    {
        return array_values(array_filter(
            explode(':', (string) getenv('PHP_INI_SCAN_DIR')),
            static fn(string $folder): bool => $folder !== '' && ! str_ends_with($folder, '/php.d/extension'),
        ));
    }
}
