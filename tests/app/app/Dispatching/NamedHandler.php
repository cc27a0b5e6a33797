<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Contracts\Queue\Job;

/** A job that is pushed by its class's name. */
final class NamedHandler
{
    /** @param array{mark: string} $data */
    public function fire(Job $job, array $data): void
    {
        Marks::done($data['mark']);
        $job->delete();
    }
}
