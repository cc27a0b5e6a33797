<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Illuminate\Console\Command;
use QueueAutoscale\Laravel\Installation\CannotInstall;
use QueueAutoscale\Laravel\Installation\Download;
use QueueAutoscale\Laravel\Installation\Home;
use QueueAutoscale\Laravel\Installation\Installer;
use QueueAutoscale\Laravel\Installation\PackageFolder;
use QueueAutoscale\Laravel\Installation\Platform;
use QueueAutoscale\Laravel\Installation\Product;
use QueueAutoscale\Laravel\Installation\Programs;
use QueueAutoscale\Laravel\Installation\Release;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Formatter\OutputFormatter;
use Symfony\Component\Console\Input\InputOption;

#[AsCommand(name: 'queue:autoscale:install')]
final class InstallCommand extends Command
{
    private const CONFIG_TAG = 'queue-autoscale-config';

    /** What a shell adds to the number of the signal that ended a program. */
    private const SIGNAL_EXIT_CODE = 128;

    private ?int $interruptedBy = null;

    protected $signature = 'queue:autoscale:install
        {--library : The library for FFI; the default where the command line may use FFI}
        {--extension : The PHP extension}
        {--build : Compile the package\'s sources instead of downloading}
        {--check : Only tell what is installed, and what would be}';

    protected $description = 'Install what decides and runs the workers: downloaded, checked and loaded, no compiler needed';

    protected $help = <<<'TEXT'
        Takes the file that fits this machine from the release of exactly this version, compares its SHA-256 with the one inside the
        package, lets a new PHP load it, publishes the configuration and runs queue:autoscale:check. The library goes into the
        application's storage, the extension into PHP's folder of extensions. Run it again after each composer update.

        Exit codes: 0 it is installed (whatever the check then finds), 1 it is not, and nothing was changed.
        TEXT;

    /** A signature knows only options whose value may be left out. */
    protected function configure(): void
    {
        $this->addOption('from', null, InputOption::VALUE_REQUIRED, 'A folder or URL to take the archive from, instead of the release')
            ->addOption('to', null, InputOption::VALUE_REQUIRED, 'The folder to put it in')
            ->addOption('timeout', null, InputOption::VALUE_REQUIRED, 'For how many seconds a server may send nothing', '30');
    }

    public function handle(PackageFolder $package): int
    {
        $this->trap([SIGINT, SIGTERM, SIGHUP], function (int $signal): void {
            $this->interruptedBy = $signal;
        });

        try {
            return $this->install($this->installer($package->path));
        } catch (CannotInstall $failed) {
            $this->line('<error>Not installed:</error> ' . OutputFormatter::escape("{$failed->getMessage()}."));

            return $this->interruptedBy === null ? self::FAILURE : self::SIGNAL_EXIT_CODE + $this->interruptedBy;
        }
    }

    /** @throws CannotInstall */
    private function installer(string $package): Installer
    {
        return new Installer(
            $package,
            Release::ofPackage($package),
            Platform::ofThisPhp(),
            $this->product(),
            $this->laravel->storagePath(),
            $this->option('to'),
        );
    }

    /** @throws CannotInstall */
    private function product(): Product
    {
        return match ([(bool) $this->option('library'), (bool) $this->option('extension')]) {
            [true, false] => Product::Library,
            [false, true] => Product::Extension,
            [false, false] => Installer::defaultProduct(),
            default => throw new CannotInstall('--library and --extension are two things; name one'),
        };
    }

    /** @throws CannotInstall */
    private function install(Installer $installer): int
    {
        if ($this->option('build') && $this->option('from') !== null) {
            throw new CannotInstall('--build compiles what is here, and --from names something else; use one of them');
        }

        $installed = $installer->installed();

        if ($this->option('check')) {
            return $this->tellState($installer, $installed);
        }

        if ($installed === null) {
            $installed = $this->option('build') ? $installer->build() : $installer->download($this->option('from'), $this->downloader());
            Home::hideFromGit($this->laravel->storagePath());
            $this->tell('installed', "{$installed}, which PHP " . PHP_VERSION . ' loads');
        } else {
            $this->tell('installed', "{$installed}, as before");
        }

        $isActive = $this->tellPhp($installer, $installed);
        $this->publishConfiguration();

        if ($isActive) {
            $this->check();
        } else {
            $this->line('Then run php artisan queue:autoscale:check.');
        }

        return self::SUCCESS;
    }

    private function tellState(Installer $installer, ?string $installed): int
    {
        if ($installed !== null) {
            $this->tell('installed', $installed);

            return self::SUCCESS;
        }

        $this->tell('missing', "{$installer->product->fileName()} of this version in {$installer->folder}");
        $this->tell('would take', $installer->source($this->option('from')));

        return self::FAILURE;
    }

    /**
     * @return bool whether PHP finds it from now on
     * @throws CannotInstall
     */
    private function tellPhp(Installer $installer, string $file): bool
    {
        if ($installer->isActive($file)) {
            return true;
        }

        $installation = $installer->installation;
        $line = (string) $installation->iniLine($file);
        $ini = $installation->iniFile();

        if (! $installation->mayWriteIni() || ! $this->confirm("PHP must be told once, with {$line} in {$ini}. Write it?", default: true)) {
            $this->line("PHP must be told, once:\n\n  echo '{$line}' >> {$ini}\n");

            return false;
        }

        if (! $installation->writeIni($line)) {
            throw new CannotInstall("{$ini} cannot be written; the file itself is there, {$file}");
        }

        $this->tell('php.ini', "{$line} in {$ini}");

        return $installer->isActive($file) ?: throw new CannotInstall(
            "PHP still uses another version than {$file}; look with php --ini for a further line with queue_autoscale",
        );
    }

    private function publishConfiguration(): void
    {
        $file = $this->laravel->configPath('queue-autoscale.php');
        $isNew = ! is_file($file);
        $this->callSilently('vendor:publish', ['--tag' => self::CONFIG_TAG]);

        if ($isNew && is_file($file)) {
            $this->tell('published', $file);
        }
    }

    /** In a new PHP, as this one was started before anything was installed. */
    private function check(): void
    {
        $artisan = $this->laravel->basePath('artisan');
        $this->newLine();
        $this->output->write(Programs::output([
            PHP_BINARY, $artisan, 'queue:autoscale:check', $this->output->isDecorated() ? '--ansi' : '--no-ansi',
        ], withErrors: true) . "\n");
    }

    /** @throws CannotInstall */
    private function downloader(): Download
    {
        $seconds = filter_var($this->option('timeout'), FILTER_VALIDATE_INT, ['options' => ['min_range' => 1]]);

        return $seconds === false
            ? throw new CannotInstall("--timeout={$this->option('timeout')} is no number of seconds of 1 or more")
            : new Download($seconds, fn(): bool => $this->interruptedBy !== null);
    }

    private function tell(string $what, string $text): void
    {
        $this->line(sprintf('%-10s  %s', $what, OutputFormatter::escape($text)));
    }
}
