<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

use RuntimeException;

/**
 * Why nothing was installed, and what is to be done about it.
 *
 * @internal
 */
final class CannotInstall extends RuntimeException
{
}
