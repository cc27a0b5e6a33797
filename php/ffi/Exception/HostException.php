<?php

declare(strict_types=1);

namespace QueueAutoscale\Exception;

use RuntimeException;

/** The host's capacity cannot be read. */
final class HostException extends RuntimeException implements QueueAutoscaleException
{
}
