<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use Illuminate\Support\Carbon;
use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\Laravel\Observers\ChangeFilter;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * One JSON object a change, each on a line of its own, for programs.
 *
 * @internal
 */
final class JsonLines implements ManagerObserver
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
                $this->line('decision', ['dry_run' => $turn->dryRun, 'decision' => $decision]);
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

    /** @param array<string, mixed> $details */
    private function line(string $event, array $details): void
    {
        $flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR;

        $this->output->writeln(
            json_encode(['at' => Carbon::now()->toIso8601String(), 'event' => $event] + $details, $flags),
            OutputInterface::OUTPUT_RAW,
        );
    }
}
