<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel;

use Illuminate\Support\ServiceProvider;

final class QueueAutoscaleServiceProvider extends ServiceProvider
{
}
