<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Chaos;

use QueueAutoscale\Tests\Support\Processes;
use Random\Randomizer;

/** Kills, ends and stops workers by chance, and remembers whom it killed. */
final class Monkey
{
    private const SHORTEST_STOP_SECONDS = 0.2;

    private const LONGEST_STOP_SECONDS = 1.0;

    /** @var array<int, float> when each process was killed */
    private array $killed = [];

    /** @var array<int, float> when each stopped process is woken */
    private array $stopped = [];

    private int $ended = 0;

    private int $left = 0;

    /** @param bool $leavesSome whether every other stopped worker is left for the supervisor to wake */
    public function __construct(
        private readonly int $managerPid,
        private readonly Randomizer $random,
        private readonly bool $leavesSome,
    ) {
    }

    public function strike(): void
    {
        $workers = array_values(array_diff(Processes::childrenOf($this->managerPid), array_keys($this->stopped)));

        if ($workers === []) {
            return;
        }

        $victim = $workers[$this->random->getInt(0, count($workers) - 1)];

        match ($this->random->getInt(0, 3)) {
            0, 1 => $this->kill($victim),
            2 => $this->end($victim),
            3 => $this->stop($victim),
        };
    }

    public function wakeStopped(float $now): void
    {
        foreach ($this->stopped as $pid => $wakeAt) {
            if ($now >= $wakeAt) {
                posix_kill($pid, SIGCONT);
                unset($this->stopped[$pid]);
            }
        }
    }

    public function wakeAll(): void
    {
        $this->wakeStopped(INF);
    }

    public function killedAt(int $pid): ?float
    {
        return $this->killed[$pid] ?? null;
    }

    public function deeds(): string
    {
        return count($this->killed) . " workers killed, {$this->ended} ended, {$this->left} stopped and left so";
    }

    private function kill(int $pid): void
    {
        if (posix_kill($pid, SIGKILL)) {
            $this->killed[$pid] = microtime(true);
        }
    }

    private function end(int $pid): void
    {
        posix_kill($pid, SIGTERM) && $this->ended++;
    }

    private function stop(int $pid): void
    {
        posix_kill($pid, SIGSTOP);

        if ($this->leavesSome && $this->random->getInt(0, 1) === 0) {
            $this->left++;

            return;
        }

        $milliseconds = $this->random->getInt(
            (int) (self::SHORTEST_STOP_SECONDS * 1_000),
            (int) (self::LONGEST_STOP_SECONDS * 1_000),
        );
        $this->stopped[$pid] = microtime(true) + $milliseconds / 1_000;
    }
}
