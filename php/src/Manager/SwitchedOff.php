<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Manager;

use Illuminate\Support\Sleep;

/**
 * The manager of an application whose `queue-autoscale.enabled` is false: it stays and does nothing, since a process manager would
 * start one that ends anew, again and again.
 *
 * @internal
 */
final class SwitchedOff
{
    private const SIGNALS = [SIGTERM, SIGINT, SIGQUIT, SIGHUP];

    private bool $isToldToEnd = false;

    public function __construct(private readonly RestartSignal $restart)
    {
    }

    /** @return string why it ended */
    public function waitForTheEnd(): string
    {
        pcntl_async_signals(true);

        foreach (self::SIGNALS as $signal) {
            // A signal also ends the sleep.
            pcntl_signal($signal, function (): void {
                $this->isToldToEnd = true;
            });
        }

        while (! $this->isToldToEnd) {
            if ($this->restart->isRequested()) {
                return 'a restart was asked for';
            }

            Sleep::for(1)->second();
        }

        return 'a signal';
    }
}
