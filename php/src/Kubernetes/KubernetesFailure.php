<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Kubernetes;

use RuntimeException;

/**
 * The API server did not do what was asked. The message says what to do about it, and stays the same while the trouble does.
 *
 * @internal
 */
class KubernetesFailure extends RuntimeException
{
    /** @param ?float $retryAfterSeconds how long the server asks to be left alone; null where it does not say */
    public function __construct(string $message, public readonly ?float $retryAfterSeconds = null)
    {
        parent::__construct($message);
    }
}
