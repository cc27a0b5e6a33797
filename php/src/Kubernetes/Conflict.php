<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Kubernetes;

/**
 * The Deployment has changed since it was read: 409, reason Conflict.
 *
 * @internal
 */
final class Conflict extends KubernetesFailure
{
}
