<?php

declare(strict_types=1);

namespace Spatie\Prometheus\Facades;

use Illuminate\Support\Facades\Facade;

final class Prometheus extends Facade
{
    protected static function getFacadeAccessor(): string
    {
        return \Spatie\Prometheus\Prometheus::class;
    }
}
