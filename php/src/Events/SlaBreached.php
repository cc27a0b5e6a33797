<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Events;

/** The oldest job has waited longer than promised. */
final class SlaBreached extends DecisionEvent
{
}
