<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * What can be built of the Rust sources.
 *
 * @internal
 */
enum Product: string
{
    case Extension = 'extension';
    case Library = 'ffi';

    /** The name of the crate's feature. */
    public function feature(): string
    {
        return $this->value;
    }

    /** The name that PHP looks for. */
    public function fileName(): string
    {
        return $this === self::Extension ? 'queue_autoscale.so' : 'libqueue_autoscale.' . self::suffix();
    }

    /** The name that cargo gives to either. */
    public static function builtName(): string
    {
        return 'libqueue_autoscale.' . self::suffix();
    }

    private static function suffix(): string
    {
        return PHP_OS_FAMILY === 'Darwin' ? 'dylib' : 'so';
    }
}
