<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Manager;

use Illuminate\Support\Facades\Log;
use Psr\Log\NullLogger;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Tests\Feature\FeatureTestCase;

final class ProblemsTest extends FeatureTestCase
{
    private float $now = 0.0;

    private ?Problems $problems = null;

    /** @var list<array{at: int, message: string}> */
    private array $told = [];

    public function test_a_problem_is_told_when_it_begins_and_when_it_changes_but_not_in_each_turn(): void
    {
        $told = [];
        $problems = new Problems(Log::channel('single'));
        $problems->listen(static function (string $message) use (&$told): void {
            $told[] = $message;
        });

        $problems->report('metrics', 'no Redis');
        $problems->report('metrics', 'no Redis');
        $problems->report('metrics', 'no password');
        $problems->solved('metrics');
        $problems->report('metrics', 'no password');

        self::assertSame(['no Redis', 'no password'], $told);
    }

    public function test_what_lasts_is_told_again_after_a_minute_and_then_less_and_less_often(): void
    {
        $this->problems()->report('metrics', 'no Redis');

        foreach (range(1, 3_600) as $second) {
            $this->now = (float) $second;
            $this->problems()->report('metrics', 'no Redis');
        }

        self::assertSame([0, 60, 180, 420, 900, 1_860], array_column($this->told, 'at'));
    }

    public function test_what_comes_and_goes_is_told_no_more_often_than_what_stays(): void
    {
        foreach (range(0, 59) as $second) {
            $this->now = (float) $second;
            $this->problems()->report('policy', 'fails');
            $this->problems()->solved('policy');
        }

        self::assertCount(1, $this->told);
    }

    public function test_messages_that_differ_in_their_numbers_alone_are_the_same(): void
    {
        $this->problems()->report('recording', 'write of 512 bytes failed, 0.5 % free');
        $this->problems()->report('recording', 'write of 1024 bytes failed, 0.4 % free');
        $this->problems()->reportAll('row', ['depth.pending is -1']);
        $this->problems()->reportAll('row', ['depth.pending is -2']);

        self::assertCount(2, $this->told);
    }

    public function test_it_knows_what_is_wrong_now_and_for_how_long(): void
    {
        $this->problems()->report('metrics', 'no Redis');
        $this->problems()->report('cache', 'no room');
        $this->now = 70.0;
        $this->problems()->report('metrics', 'no Redis');
        $this->problems()->solved('cache');

        self::assertSame([['message' => 'no Redis', 'seconds' => 70.0]], $this->problems()->current());
    }

    public function test_the_log_tells_the_end_of_a_problem(): void
    {
        $problems = new Problems(Log::channel('single'));

        $problems->solved('metrics');
        $problems->report('metrics', 'no Redis');
        $problems->solved('metrics');

        $log = (string) file_get_contents("{$this->folder->path}/logs/laravel.log");
        self::assertSame(1, substr_count($log, 'ERROR: no Redis'));
        self::assertSame(1, substr_count($log, 'No longer: metrics'));
    }

    private function problems(): Problems
    {
        if ($this->problems === null) {
            $this->problems = new Problems(new NullLogger(), fn(): float => $this->now);
            $this->problems->listen(function (string $message): void {
                $this->told[] = ['at' => (int) $this->now, 'message' => $message];
            });
        }

        return $this->problems;
    }
}
