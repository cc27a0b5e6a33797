<?php

declare(strict_types=1);

namespace QueueAutoscale\Exception;

use RuntimeException;

/** A fault in Queue Autoscale itself; the message says where. */
final class EngineException extends RuntimeException implements QueueAutoscaleException
{
}
