<?php

declare(strict_types=1);

use Illuminate\Support\ServiceProvider;

return [
    'name' => env('APP_NAME', 'Queue Autoscale test application'),
    'env' => env('APP_ENV', 'local'),
    'debug' => (bool) env('APP_DEBUG', true),
    'url' => 'http://localhost',
    'timezone' => 'UTC',
    'locale' => 'en',
    'fallback_locale' => 'en',
    'cipher' => 'AES-256-CBC',
    // Nothing here is secret: the application only ever runs in the demo and in tests.
    'key' => env('APP_KEY', 'base64:' . base64_encode(str_repeat('a', 32))),
    'previous_keys' => [],
    'maintenance' => ['driver' => 'file', 'store' => null],
    'providers' => ServiceProvider::defaultProviders()->toArray(),
    'aliases' => [],
];
