<?php

declare(strict_types=1);

namespace Spatie\Prometheus;

use Illuminate\Support\ServiceProvider;

final class StandInServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->app->scoped(Prometheus::class);
    }
}
