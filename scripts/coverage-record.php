<?php

declare(strict_types=1);

/*
 * Prepended to every PHP script while coverage is measured: leaves which lines of php/src this process ran, as a file of its own in
 * the folder QUEUE_AUTOSCALE_COVERAGE. What a killed process ran is not counted.
 */

(static function (): void {
    $folder = (string) getenv('QUEUE_AUTOSCALE_COVERAGE');

    $save = static function () use ($folder): void {
        pcov\stop();
        $lines = array_filter(array_map(
            static fn(array $lines): array => array_filter($lines, static fn(int $runs): bool => $runs > 0),
            pcov\collect(),
        ));

        if ($lines !== []) {
            // A fork has its parent's process id in nothing but its memory.
            file_put_contents($folder . '/' . getmypid() . '-' . bin2hex(random_bytes(8)) . '.json', json_encode($lines));
        }
    };

    // Once more inside, to come after all others that are registered at the end.
    register_shutdown_function(static fn() => register_shutdown_function($save));
    pcov\start();
})();
