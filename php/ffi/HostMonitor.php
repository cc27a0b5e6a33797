<?php

declare(strict_types=1);

namespace QueueAutoscale;

use QueueAutoscale\Exception\HostException;
use QueueAutoscale\Native\Handle;
use QueueAutoscale\Native\Library;

/** Reads what the host, and every container around the manager, has and uses. No reading waits. */
final class HostMonitor
{
    private readonly Handle $handle;

    /** Where host and container have limits of their own, the configuration's shares decide which is the tightest. */
    public function __construct(?Configuration $configuration = null)
    {
        $this->handle = Library::get()->make('qa_host_monitor', $configuration === null ? null : Handle::of($configuration));
    }

    /** @throws HostException where a limit cannot be read */
    public function read(): HostCapacity
    {
        $row = Library::get()->call('qa_host_monitor_read', $this->handle->pointer);

        return new HostCapacity(
            $row['cpu_limit_cores'],
            $row['cpu_used_cores'],
            $row['memory_limit_bytes'],
            $row['memory_used_bytes'],
        );
    }
}
