<?php

declare(strict_types=1);

namespace QueueAutoscale\Exception;

use InvalidArgumentException;

/** A configuration that cannot be used. */
final class InvalidConfiguration extends InvalidArgumentException implements QueueAutoscaleException
{
    /** @return list<string> all that is wrong, a sentence each, which begins with the key's full path */
    public function errors(): array
    {
        return explode("\n", $this->getMessage());
    }
}
