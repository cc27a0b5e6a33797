<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

/** @internal */
final readonly class CheckResult
{
    private const MOST_NAMES = 10;

    private function __construct(
        public CheckStatus $status,
        /** What was found and, unless it is well, what is to be done; a line for each problem. */
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

    /**
     * As many names as a line can take.
     *
     * @param list<string> $names
     */
    public static function namesOf(array $names): string
    {
        $more = count($names) - self::MOST_NAMES;

        return implode(', ', array_slice($names, 0, self::MOST_NAMES)) . ($more > 0 ? " and {$more} more" : '');
    }
}
