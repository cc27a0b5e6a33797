<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

/** @internal */
final readonly class CheckResult
{
    private function __construct(
        public CheckStatus $status,
        /** What was found and, unless it is well, what is to be done. */
        public string $message,
    ) {
    }

    public static function ok(string $message): self
    {
        return new self(CheckStatus::Ok, $message);
    }

    public static function warning(string $message): self
    {
        return new self(CheckStatus::Warning, $message);
    }

    public static function failed(string $message): self
    {
        return new self(CheckStatus::Failed, $message);
    }
}
