<?php

declare(strict_types=1);

namespace App\Strategies;

use QueueAutoscale\Laravel\Contracts\ScalingStrategyContract;
use QueueAutoscale\Laravel\Recommendation;
use QueueAutoscale\QueueForecast;

final class FixedNumber implements ScalingStrategyContract
{
    public function recommend(QueueForecast $forecast): Recommendation
    {
        return new Recommendation(7, 'seven is a good number');
    }
}
