<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Illuminate\Console\Command;
use QueueAutoscale\Exception\LibraryUnavailable;
use QueueAutoscale\Laravel\Checks\CacheCheck;
use QueueAutoscale\Laravel\Checks\Check;
use QueueAutoscale\Laravel\Checks\CheckedPools;
use QueueAutoscale\Laravel\Checks\CheckResult;
use QueueAutoscale\Laravel\Checks\CheckStatus;
use QueueAutoscale\Laravel\Checks\CleanUpCheck;
use QueueAutoscale\Laravel\Checks\ClusterCheck;
use QueueAutoscale\Laravel\Checks\ConfigurationCheck;
use QueueAutoscale\Laravel\Checks\ConnectionsCheck;
use QueueAutoscale\Laravel\Checks\ExtensionCheck;
use QueueAutoscale\Laravel\Checks\HorizonCheck;
use QueueAutoscale\Laravel\Checks\HostCheck;
use QueueAutoscale\Laravel\Checks\KnownQueuesCheck;
use QueueAutoscale\Laravel\Checks\KubernetesCheck;
use QueueAutoscale\Laravel\Checks\QueueMetricsCheck;
use QueueAutoscale\Laravel\Checks\RetryAfterCheck;
use QueueAutoscale\Laravel\Checks\SlaCheck;
use QueueAutoscale\Laravel\Checks\SqliteCheck;
use QueueAutoscale\Laravel\Checks\WorkerCommandCheck;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Printable;
use Symfony\Component\Console\Attribute\AsCommand;
use Throwable;

#[AsCommand(name: 'queue:autoscale:check')]
final class CheckCommand extends Command
{
    /** @var list<class-string<Check>> in the order in which they are shown */
    private const CHECKS = [
        ExtensionCheck::class,
        ConfigurationCheck::class,
        ConnectionsCheck::class,
        QueueMetricsCheck::class,
        CleanUpCheck::class,
        KnownQueuesCheck::class,
        WorkerCommandCheck::class,
        RetryAfterCheck::class,
        SlaCheck::class,
        HostCheck::class,
        KubernetesCheck::class,
        SqliteCheck::class,
        CacheCheck::class,
        ClusterCheck::class,
        HorizonCheck::class,
    ];

    private const MARKS = ['ok' => '<fg=green>ok</>     ', 'warning' => '<fg=yellow>warning</>', 'failed' => '<fg=red>failed</> '];

    protected $signature = 'queue:autoscale:check
        {--json : Print the results as JSON}';

    protected $description = 'Check that everything is in place for queue:autoscale to do its work';

    protected $help = 'Exit codes: 0 nothing failed (there may be warnings), 1 something did.';

    public function handle(): int
    {
        $results = [];
        // Read once for all checks.
        $pools = $this->laravel->make(CheckedPools::class);

        foreach (self::CHECKS as $class) {
            $check = $this->laravel->make($class, ['pools' => $pools]);
            $results[$check->name()] = $this->resultOf($check);

            if (! $this->option('json')) {
                $this->show($check->name(), $results[$check->name()]);
            }
        }

        if ($this->option('json')) {
            $this->line((string) json_encode(
                array_map(
                    static fn(string $name, CheckResult $result): array => [
                        'name' => $name,
                        'status' => $result->status->value,
                        'messages' => explode("\n", $result->message),
                    ],
                    array_keys($results),
                    array_values($results),
                ),
                JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE,
            ));
        }

        $failed = array_filter($results, static fn(CheckResult $result): bool => $result->status === CheckStatus::Failed);

        return $failed === [] ? self::SUCCESS : self::FAILURE;
    }

    private function resultOf(Check $check): CheckResult
    {
        try {
            return $check->run();
        } catch (CannotStart) {
            // What is wrong with it the check of the configuration tells.
            return CheckResult::warning('not looked at, as the configuration is not valid');
        } catch (LibraryUnavailable) {
            // The check of the extension tells how to get it.
            return CheckResult::warning('not looked at, as the extension is missing');
        } catch (Throwable $thrown) {
            return CheckResult::failed("could not be looked at: {$thrown->getMessage()}");
        }
    }

    private function show(string $name, CheckResult $result): void
    {
        foreach (explode("\n", $result->message) as $message) {
            $this->line(sprintf('%s  %-14s  %s', self::MARKS[$result->status->value], $name, Printable::untagged($message)));
        }
    }
}
