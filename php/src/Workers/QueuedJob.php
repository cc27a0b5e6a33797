<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Workers;

use Illuminate\Contracts\Queue\Job;
use Illuminate\Queue\Jobs\DatabaseJob;

/**
 * What a job's payload tells of its time on the queue.
 *
 * Horizon writes the instant of the push with its fraction; Laravel writes whole seconds, and older versions nothing. A
 * first attempt waited since it was due. When a later attempt became due, only the database's record tells.
 *
 * @internal
 */
final readonly class QueuedJob
{
    private const MICROSECONDS_PER_SECOND = 1_000_000;

    /** @param array<array-key, mixed> $payload */
    private function __construct(private Job $job, private array $payload)
    {
    }

    public static function of(Job $job): self
    {
        // A payload that is no JSON is the worker's to complain of.
        $payload = $job->payload();

        return new self($job, is_array($payload) ? $payload : []);
    }

    /** A number by which the attempts of one job are known as one job's: a checksum of its name. */
    public function number(): int
    {
        $name = $this->payload['uuid'] ?? $this->job->getJobId();

        return crc32(is_scalar($name) ? (string) $name : '');
    }

    /**
     * How long the job waited for a worker since it was due, in microseconds; null where nothing tells.
     *
     * @param float $now the instant at which it was taken, in seconds since 1970
     */
    public function pickupMicroseconds(float $now): ?int
    {
        $dueAt = $this->dueAt();

        if ($dueAt === null) {
            return null;
        }

        // Two instants of whole seconds differ by as much as the true ones on average; a fraction on one side alone would not.
        $waited = is_int($dueAt) ? floor($now) - $dueAt : $now - $dueAt;

        return (int) (max(0.0, $waited) * self::MICROSECONDS_PER_SECOND);
    }

    private function dueAt(): int|float|null
    {
        $pushedAt = $this->pushedAt();
        $recordedAt = $this->recordedAt();

        if ($this->job->attempts() > 1) {
            // A job that came back because its worker died keeps the time of its first attempt, which says nothing.
            return $recordedAt !== null && $pushedAt !== null && $recordedAt > $pushedAt ? $recordedAt : null;
        }

        // Jobs that are pushed in bulk carry their delay in the record alone.
        return $recordedAt !== null && $recordedAt > ($pushedAt ?? 0) ? $recordedAt : $pushedAt;
    }

    private function pushedAt(): int|float|null
    {
        $delay = is_numeric($this->payload['delay'] ?? null) ? (int) $this->payload['delay'] : 0;
        $pushedAt = $this->payload['pushedAt'] ?? null;

        if (is_numeric($pushedAt)) {
            return (float) $pushedAt + $delay;
        }

        $createdAt = $this->payload['createdAt'] ?? null;

        return is_numeric($createdAt) ? (int) $createdAt + $delay : null;
    }

    private function recordedAt(): ?int
    {
        if (! $this->job instanceof DatabaseJob) {
            return null;
        }

        // The record's columns are magic properties, which `??` would take for absent.
        $availableAt = $this->job->getJobRecord()->available_at;

        return is_numeric($availableAt) ? (int) $availableAt : null;
    }
}
