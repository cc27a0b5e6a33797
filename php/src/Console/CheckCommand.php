<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Illuminate\Console\Command;
use QueueAutoscale\Laravel\Checks\CacheCheck;
use QueueAutoscale\Laravel\Checks\Check;
use QueueAutoscale\Laravel\Checks\CheckResult;
use QueueAutoscale\Laravel\Checks\CheckStatus;
use QueueAutoscale\Laravel\Checks\ClusterCheck;
use QueueAutoscale\Laravel\Checks\ConfigurationCheck;
use QueueAutoscale\Laravel\Checks\ExtensionCheck;
use QueueAutoscale\Laravel\Checks\HorizonCheck;
use QueueAutoscale\Laravel\Checks\HostCheck;
use QueueAutoscale\Laravel\Checks\KubernetesCheck;
use QueueAutoscale\Laravel\Checks\PromiseCheck;
use QueueAutoscale\Laravel\Checks\QueueMetricsCheck;
use QueueAutoscale\Laravel\Checks\RetryAfterCheck;
use QueueAutoscale\Laravel\Checks\WorkerCommandCheck;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Printable;
use Symfony\Component\Console\Attribute\AsCommand;

#[AsCommand(name: 'queue:autoscale:check')]
final class CheckCommand extends Command
{
    /** Without the extension none of the other checks can be made. */
    private const FIRST_CHECK = ExtensionCheck::class;

    /** @var list<class-string<Check>> */
    private const FURTHER_CHECKS = [
        ConfigurationCheck::class,
        QueueMetricsCheck::class,
        WorkerCommandCheck::class,
        RetryAfterCheck::class,
        PromiseCheck::class,
        HostCheck::class,
        KubernetesCheck::class,
        CacheCheck::class,
        ClusterCheck::class,
        HorizonCheck::class,
    ];

    private const MARKS = ['ok' => '<fg=green>ok</>     ', 'warning' => '<fg=yellow>warning</>', 'failed' => '<fg=red>failed</> '];

    protected $signature = 'queue:autoscale:check';

    protected $description = 'Check that everything is in place for queue:autoscale to do its work';

    protected $help = 'Exit codes: 0 nothing failed (there may be warnings), 1 something did.';

    public function handle(): int
    {
        if ($this->show($this->laravel->make(self::FIRST_CHECK)) === CheckStatus::Failed) {
            return self::FAILURE;
        }

        $failed = false;

        foreach (self::FURTHER_CHECKS as $check) {
            $failed = $this->show($this->laravel->make($check)) === CheckStatus::Failed || $failed;
        }

        return $failed ? self::FAILURE : self::SUCCESS;
    }

    private function show(Check $check): CheckStatus
    {
        try {
            $result = $check->run();
        } catch (CannotStart) {
            // What is wrong with it the check of the configuration tells.
            $result = CheckResult::warning('not looked at, as the configuration is not valid');
        }

        $this->line(sprintf(
            '%s  %-14s  %s',
            self::MARKS[$result->status->value],
            $check->name(),
            Printable::untagged($result->message),
        ));

        return $result->status;
    }
}
