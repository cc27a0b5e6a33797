<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Events;

/** The promise holds again. */
final class SlaRecovered extends DecisionEvent
{
}
