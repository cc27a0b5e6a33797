<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Manager;

use Illuminate\Support\Facades\Log;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Tests\Feature\FeatureTestCase;

final class ProblemsTest extends FeatureTestCase
{
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

        self::assertSame(['no Redis', 'no password', 'no password'], $told);
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
}
