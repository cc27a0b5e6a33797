<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Events;

/** The promise still holds, but is predicted not to. */
final class SlaBreachPredicted extends DecisionEvent
{
}
