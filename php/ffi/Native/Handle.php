<?php

declare(strict_types=1);

namespace QueueAutoscale\Native;

use Error;
use FFI;
use FFI\CData;

/**
 * An object of the library, which ends with the last PHP object that holds it.
 *
 * @internal
 */
final class Handle
{
    /** @param string $free the function that ends it */
    public function __construct(
        public readonly CData $pointer,
        private readonly FFI $ffi,
        private readonly string $free,
    ) {
    }

    public function __destruct()
    {
        $this->ffi->{$this->free}($this->pointer);
    }

    public function __clone()
    {
        throw new Error('An object of the library cannot be cloned');
    }

    /** What an object of another class of this package holds. */
    public static function of(object $owner): CData
    {
        return (fn(): CData => $this->handle->pointer)->call($owner);
    }
}
