<?php

declare(strict_types=1);

namespace QueueAutoscale\Exception;

use RuntimeException;

/** The supervisor cannot do what it was asked. */
final class SupervisorException extends RuntimeException implements QueueAutoscaleException
{
}
