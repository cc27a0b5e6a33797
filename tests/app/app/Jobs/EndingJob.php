<?php

declare(strict_types=1);

namespace App\Jobs;

use RuntimeException;

/** Ends its attempts as it was told. */
final class EndingJob extends RecordedJob
{
    private const RELEASED_FOR_SECONDS = 3_600;

    public ?int $timeout = null;

    public function __construct(private readonly Ending $ending)
    {
        parent::__construct();
    }

    protected function work(): void
    {
        match ($this->ending) {
            Ending::Throws => throw new RuntimeException('This attempt was told to throw.'),
            Ending::FailsItself => $this->fail('This attempt was told to fail.'),
            Ending::IsReleased => $this->release(self::RELEASED_FOR_SECONDS),
            Ending::RunsAnotherThatThrows => $this->runAnother(),
            Ending::RunsOutOfTime => sleep(self::RELEASED_FOR_SECONDS),
        };
    }

    private function runAnother(): void
    {
        try {
            dispatch_sync(new self(Ending::Throws));
        } catch (RuntimeException) {
            // What becomes of the other is its own.
        }
    }
}
