<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Docs;

use App\Jobs\SleepJob;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\DocumentationSamples;

/** What docs/operations.md shows of the commands' output has the lines that they print today; numbers may differ. */
final class OutputsTest extends FeatureTestCase
{
    public function test_check_makes_the_checks_that_are_shown(): void
    {
        [, $output] = $this->artisan('queue:autoscale:check');

        self::assertSame($this->labels($this->sampleWith('ok       Extension')), $this->labels($output));
    }

    public function test_explain_names_the_numbers_that_are_shown(): void
    {
        (new SleepJob(0))->enqueue('emails');
        [, $output] = $this->artisan('queue:autoscale:explain', ['queue' => 'emails']);

        // Constraints, which are indented more, depend on the situation.
        self::assertSame(
            $this->labels($this->sampleWith('A worker starts in'), '/^  (\w[\w ]*?)  /m'),
            $this->labels($output, '/^  (\w[\w ]*?)  /m'),
        );
    }

    private function sampleWith(string $text): string
    {
        foreach (DocumentationSamples::in('text') as [$sample]) {
            if (str_contains($sample, $text)) {
                return $sample;
            }
        }

        self::fail("No sample holds \"{$text}\".");
    }

    /** @return list<string> */
    private function labels(string $output, string $pattern = '/^(?:ok|warning|failed) +(\w[\w ]*?)  /m'): array
    {
        preg_match_all($pattern, $output, $matches);
        self::assertNotSame([], $matches[1]);

        return $matches[1];
    }
}
