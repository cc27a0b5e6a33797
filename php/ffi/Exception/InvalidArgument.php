<?php

declare(strict_types=1);

namespace QueueAutoscale\Exception;

use InvalidArgumentException;

/** An argument makes no sense; the message names it, its value and what was expected. */
final class InvalidArgument extends InvalidArgumentException implements QueueAutoscaleException
{
}
