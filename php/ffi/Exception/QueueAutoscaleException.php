<?php

declare(strict_types=1);

namespace QueueAutoscale\Exception;

use Throwable;

/** Whatever Queue Autoscale throws is one. */
interface QueueAutoscaleException extends Throwable
{
}
