<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Contracts;

use QueueAutoscale\Laravel\Recommendation;
use QueueAutoscale\QueueForecast;

/**
 * Recommends the number of workers in the built-in strategy's place, for the queues whose configuration names it.
 *
 * Strategies are resolved by the container, once for the manager's whole life; they may keep state and ask for the
 * calculators in `QueueAutoscale\Calculators`. Bounds, stabilisation and the host's limits hold after them. Where one
 * throws, the built-in recommendation is taken.
 */
interface ScalingStrategyContract
{
    /** Is asked once a turn for each of its queues. */
    public function recommend(QueueForecast $forecast): Recommendation;
}
