<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Workers;

/**
 * The pipe on which a worker tells the supervisor that started it what it is doing.
 *
 * Writing never waits and never fails loudly: a worker must not notice that nobody reads.
 *
 * @internal
 */
final class StatusPipe
{
    private const VARIABLE = 'QUEUE_AUTOSCALE_STATUS_FD';

    /** Tells later managers that this process is a worker. */
    private const WORKER_MARK = 'QUEUE_AUTOSCALE_WORKER';

    /** The loop is up, and each look for a job will be told. */
    private const LOOP_IS_UP = '1R';

    private const JOB_STARTS = 'B';

    private const JOB_ENDED = 'I';

    private const LOOKS_FOR_A_JOB = 'L';

    private const PICKUP_TIME = 'P';

    private const JOB_NUMBER = 'J';

    private const NANOSECONDS_PER_MICROSECOND = 1_000;

    /** @param resource $stream */
    private function __construct(private $stream)
    {
    }

    /** The pipe that this process inherited; null where no supervisor started it. */
    public static function inherited(): ?self
    {
        $descriptor = getenv(self::VARIABLE);
        self::hideFromOwnChildren();

        if (! is_string($descriptor) || ! ctype_digit($descriptor)) {
            return null;
        }

        $stream = @fopen("php://fd/{$descriptor}", 'w');

        return $stream === false ? null : new self($stream);
    }

    public function loopIsUp(): void
    {
        $this->write(self::LOOP_IS_UP);
    }

    /**
     * @param int|null $limitSeconds how long the job may run, 0 for no limit; null where the worker's --timeout says it
     * @param int $number by which other attempts of this job are known as its own
     * @param int|null $pickupMicroseconds how long the job waited since it was due; null where nothing tells
     */
    public function jobStarts(?int $limitSeconds, int $number, ?int $pickupMicroseconds): void
    {
        $pickup = $pickupMicroseconds === null ? '' : $pickupMicroseconds . self::PICKUP_TIME;

        $this->write($pickup . $number . self::JOB_NUMBER . $limitSeconds . self::JOB_STARTS);
    }

    /** @param int|null $delaySeconds until the job is due again, where it was released and that is known */
    public function jobEnded(int $nanoseconds, AttemptOutcome $outcome, ?int $delaySeconds): void
    {
        $microseconds = intdiv($nanoseconds, self::NANOSECONDS_PER_MICROSECOND);

        $this->write($delaySeconds . $outcome->value . $microseconds . self::JOB_ENDED);
    }

    /** The job ran out of time; its worker's process ends next. */
    public function jobTimedOut(bool $hasFailed): void
    {
        $this->write(($hasFailed ? '1' : '0') . AttemptOutcome::TimedOut->value);
    }

    /** @param int $nanoseconds since the worker took its last job */
    public function looksForJob(int $nanoseconds): void
    {
        $this->write(intdiv($nanoseconds, self::NANOSECONDS_PER_MICROSECOND) . self::LOOKS_FOR_A_JOB);
    }

    private function write(string $message): void
    {
        @fwrite($this->stream, $message);
    }

    /** A process that a job starts would otherwise speak in this worker's name, or be taken for a worker. */
    private static function hideFromOwnChildren(): void
    {
        foreach ([self::VARIABLE, self::WORKER_MARK] as $variable) {
            putenv($variable);
            unset($_ENV[$variable], $_SERVER[$variable]);
        }
    }
}
