<?php

declare(strict_types=1);

namespace App\Strategies;

use QueueAutoscale\Laravel\Contracts\ScalingStrategyContract;
use QueueAutoscale\Laravel\Recommendation;
use QueueAutoscale\QueueForecast;
use RuntimeException;

/** A strategy with a bug. */
final class ThrowingStrategy implements ScalingStrategyContract
{
    public function recommend(QueueForecast $forecast): Recommendation
    {
        throw new RuntimeException('it is broken');
    }
}
