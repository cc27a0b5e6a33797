<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use Illuminate\Support\Carbon;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\Laravel\Observers\ChangeFilter;
use QueueAutoscale\ScalingDecision;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * One line a change, for files and for pipes: time, what, then the numbers as `name=value`.
 *
 * @internal
 */
final class ChangeLines implements ManagerObserver
{
    private readonly ChangeFilter $changes;

    public function __construct(private readonly OutputInterface $output)
    {
        $this->changes = new ChangeFilter();
    }

    public function started(): void
    {
        $this->line('started', ['pid' => getmypid()]);
    }

    public function turnEnded(Turn $turn): void
    {
        foreach ($turn->decisions as $decision) {
            if ($this->changes->isChange($decision) || $turn->dryRun) {
                $this->line($turn->dryRun ? 'would-scale' : 'scale', self::details($decision));
            }
        }
    }

    public function workerEvent(WorkerEvent $event): void
    {
        if ($event->isNoteworthy() || $this->output->isVeryVerbose() || ($this->output->isVerbose() && ! $event->isOutput())) {
            $this->line($event->type, $event->details);
        }
    }

    public function problem(string $message): void
    {
        $this->line('problem', ['message' => $message]);
    }

    public function stopping(string $reason, int $workers): void
    {
        $this->line('stopping', ['reason' => $reason, 'workers' => $workers]);
    }

    public function stopped(string $reason): void
    {
        $this->line('stopped', ['reason' => $reason]);
    }

    /** @return array<string, mixed> */
    private static function details(ScalingDecision $decision): array
    {
        return [
            'queue' => $decision->key(),
            'workers' => "{$decision->currentWorkers}->{$decision->targetWorkers}",
            'pending' => $decision->pending,
            'oldest_seconds' => $decision->oldestJobAgeSeconds === null ? null : sprintf('%.1f', $decision->oldestJobAgeSeconds),
            'arrivals_per_second' => sprintf('%.2f', $decision->arrivalRatePerSecond),
            'sla' => $decision->slaState,
            'reason' => $decision->reason,
        ];
    }

    /** @param array<string, mixed> $details */
    private function line(string $what, array $details): void
    {
        $line = Carbon::now()->format('H:i:s') . " {$what}";

        foreach ($details as $name => $value) {
            if ($value !== null) {
                $line .= " {$name}=" . self::value($value);
            }
        }

        $this->output->writeln($line, OutputInterface::OUTPUT_RAW);
    }

    private static function value(mixed $value): string
    {
        if (is_string($value) && preg_match('/^[^\s"=]+$/u', $value) === 1) {
            return $value;
        }

        return json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
    }
}
