<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Events;

/** A queue is to get another number of workers, or its decision changed its mind about the promise. */
final class ScalingDecisionMade extends DecisionEvent
{
}
