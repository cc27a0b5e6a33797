<?php

declare(strict_types=1);

namespace App\Jobs;

/** How an attempt may end. */
enum Ending
{
    case Throws;
    case FailsItself;
    case IsReleased;
    case RunsAnotherThatThrows;
    case RunsOutOfTime;
}
