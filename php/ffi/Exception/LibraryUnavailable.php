<?php

declare(strict_types=1);

namespace QueueAutoscale\Exception;

use RuntimeException;

/** Neither the extension is loaded nor can its library be used; the message says what to do. */
final class LibraryUnavailable extends RuntimeException implements QueueAutoscaleException
{
}
