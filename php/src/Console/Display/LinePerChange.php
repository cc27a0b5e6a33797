<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console\Display;

use QueueAutoscale\Laravel\Contracts\ManagerObserver;
use QueueAutoscale\Laravel\Manager\Sight;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\Laravel\Observers\ChangeFilter;
use QueueAutoscale\ScalingDecision;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * One line for each change, for files, pipes and programs; the heirs say what a line looks like.
 *
 * @internal
 */
abstract class LinePerChange implements ManagerObserver
{
    private readonly ChangeFilter $changes;

    /** @var ?array{?string, ?int} who leads, and its number where that is this host */
    private ?array $place = null;

    /** @var ?array{seconds: float, without_row: int, asked: int, asking_seconds: float} */
    private ?array $toldReading = null;

    public function __construct(private readonly OutputInterface $output)
    {
        $this->changes = new ChangeFilter();
    }

    public function started(): void
    {
        $this->write('started', ['pid' => getmypid()]);
    }

    public function turnEnded(Turn $turn): void
    {
        if ($turn->place !== null) {
            $this->tellPlace($turn);
        }

        if ($turn->seen !== null && $this->output->isVerbose()) {
            $this->tellReading($turn->seen);
        }

        foreach ($turn->decisions as $decision) {
            $isNewStep = $this->changes->isNewStep($decision);
            $isNewSlaState = $this->changes->isNewSlaState($decision);

            if ($turn->dryRun) {
                $this->write('would-scale', $this->details($decision));
            } elseif ($isNewStep || $isNewSlaState) {
                $this->write($isNewStep ? 'scale' : 'sla', $this->details($decision));
            }
        }
    }

    public function turnFailed(float $secondsToNextTurn): void
    {
    }

    public function workerEvent(WorkerEvent $event): void
    {
        $isWanted = $event->isOutput() ? $this->output->isVeryVerbose() : $this->output->isVerbose();

        if ($isWanted || $event->isNoteworthy()) {
            $this->write($event->type, $event->details);
        }
    }

    public function problem(string $message): void
    {
        $this->write('problem', ['message' => $message]);
    }

    public function stopping(string $reason, int $workers): void
    {
        $this->write('stopping', ['reason' => $reason, 'workers' => $workers]);
    }

    public function stopped(string $reason): void
    {
        $this->write('stopped', ['reason' => $reason]);
    }

    /** What reading the metrics costs, at first and whenever it is twice or half of what was told last. */
    private function tellReading(Sight $seen): void
    {
        $reading = array_diff_key($seen->reading(), ['asked_for' => true]);
        $ratio = $this->toldReading === null ? INF : $reading['seconds'] / max($this->toldReading['seconds'], 1e-3);

        if ($ratio >= 2.0 || $ratio <= 0.5 || $reading['without_row'] !== $this->toldReading['without_row']) {
            $this->toldReading = $reading;
            $this->write('reading', [
                ...$reading,
                'seconds' => round($reading['seconds'], 3),
                'asking_seconds' => round($reading['asking_seconds'], 3),
            ]);
        }
    }

    private function tellPlace(Turn $turn): void
    {
        $place = [$turn->place->leader, $turn->place->leads() ? $turn->place->fencingNumber : null];

        if ($place !== $this->place) {
            $this->place = $place;
            $this->write('place', ['host' => $turn->place->host, 'leader' => $place[0], 'fencing_number' => $turn->place->fencingNumber]);
        }

        foreach ($turn->changes() as $change) {
            $this->write('share', ['queue' => $change->pool(), 'workers' => "{$change->fromWorkers}->{$change->toWorkers}"]);
        }
    }

    /** @return array<string, mixed> */
    abstract protected function details(ScalingDecision $decision): array;

    /** @param array<string, mixed> $details */
    abstract protected function line(string $event, array $details): string;

    /** @param array<string, mixed> $details */
    private function write(string $event, array $details): void
    {
        $this->output->writeln($this->line($event, $details), OutputInterface::OUTPUT_RAW);
    }
}
