<?php

declare(strict_types=1);

namespace QueueAutoscale;

use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\Native\Failure;
use QueueAutoscale\Native\Handle;
use QueueAutoscale\Native\Json;
use QueueAutoscale\Native\Library;

/**
 * Turns the reports of several hosts into one turn of an engine, and the engine's decisions into each host's share. It
 * remembers what is on its way to the hosts, so one planner is to see every turn.
 */
final class ClusterPlanner
{
    private readonly Handle $handle;

    /** @var array<string, array<string, mixed>> */
    private array $workers = [];

    private ?HostCapacity $capacity = null;

    public function __construct(Configuration $configuration)
    {
        $this->handle = Library::get()->make('qa_cluster_planner', Handle::of($configuration));
    }

    /**
     * Takes in what all hosts report; one that is missing has left. A host that has not yet applied its last share counts
     * with that share.
     *
     * @param int $fencingNumber of whoever leads; with a new one, only what runs counts, and no earlier share
     * @param array<string, string> $reports by host, JSON each
     * @return list<string> a sentence for each report that cannot be used; its host then counts as gone
     * @throws InvalidArgument for a negative number, or a report that is no string
     */
    public function merge(int $fencingNumber, array $reports): array
    {
        if ($fencingNumber < 0) {
            throw Failure::argument("\$fencingNumber: {$fencingNumber} where a number of at least 0 was expected");
        }

        foreach ($reports as $host => $report) {
            if (! is_string($report)) {
                throw Failure::argument("\$reports: {$host}: a string in UTF-8 was expected");
            }
        }

        $json = Json::encode((object) $reports);
        $turn = Library::get()->call('qa_cluster_planner_merge', $this->handle->pointer, $fencingNumber, $json, strlen($json));
        $this->workers = [];

        foreach ($turn['workers'] as $row) {
            $this->workers["{$row['connection']}:{$row['queues']}"] = $row;
        }

        $this->capacity = $turn['host'] === null ? null : new HostCapacity(
            $turn['host']['cpu_limit_cores'],
            $turn['host']['cpu_used_cores'],
            $turn['host']['memory_limit_bytes'],
            $turn['host']['memory_used_bytes'],
        );

        return $turn['errors'];
    }

    /** @return array<string, array<string, mixed>> the workers of all hosts, for ScalingEngine::observe() */
    public function workers(): array
    {
        return $this->workers;
    }

    /** What all hosts have and use together, for ScalingEngine::observe(); null bounds nothing. */
    public function capacity(): ?HostCapacity
    {
        return $this->capacity;
    }

    /**
     * Shares out what was decided among the hosts of the last merge(). A pool that is missing is to have no worker.
     *
     * @param list<array{0: string, 1: string, 2: int, 3?: int}> $targets connection, queues and workers of each pool, and how
     *        many of them stay although they find no job: all where that is left out
     * @return array{serial: int, hosts: list<array{host: string, workers: list<array{string, string, int, int}>}>,
     *         unplaced: list<array{string, string, int}>}
     * @throws InvalidArgument where a target is none
     */
    public function plan(array $targets): array
    {
        $json = Json::encode(array_values($targets));

        return Library::get()->call('qa_cluster_planner_plan', $this->handle->pointer, $json, strlen($json));
    }
}
