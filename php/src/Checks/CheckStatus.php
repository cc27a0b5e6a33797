<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

/** @internal */
enum CheckStatus: string
{
    case Ok = 'ok';
    /** The manager runs, but something will not be as expected. */
    case Warning = 'warning';
    /** The manager cannot start or its workers cannot run. */
    case Failed = 'failed';
}
