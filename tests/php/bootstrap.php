<?php

declare(strict_types=1);

require __DIR__ . '/../app/bootstrap/autoload.php';

spl_autoload_register(static function (string $class): void {
    $prefix = 'QueueAutoscale\\Tests\\';
    $file = __DIR__ . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';

    if (str_starts_with($class, $prefix) && is_file($file)) {
        require_once $file;
    }
});
