<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Contracts;

/** A back end whose workers outlive a manager that is killed, by the job in their hands, and that finds them again. */
interface AdoptsWorkers
{
    /**
     * Marks workers from now on, and takes in those of the same mark that an earlier manager left: they count like all others, and
     * are ended when the time of their job is over. Called once, before the first turn, by the manager that holds the lock.
     *
     * @param string $application what names the application on this host
     */
    public function adopt(string $application): void;
}
