<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Policies;

use Illuminate\Support\Carbon;
use InvalidArgumentException;
use PHPUnit\Framework\Attributes\TestWith;
use QueueAutoscale\Laravel\Policies\TimeWindow;
use QueueAutoscale\Tests\Feature\FeatureTestCase;

final class TimeWindowTest extends FeatureTestCase
{
    #[TestWith(['08:00', '18:00', '07:59', false])]
    #[TestWith(['08:00', '18:00', '08:00', true])]
    #[TestWith(['08:00', '18:00', '17:59', true])]
    #[TestWith(['08:00', '18:00', '18:00', false])]
    #[TestWith(['22:00', '06:00', '23:30', true])]
    #[TestWith(['22:00', '06:00', '05:59', true])]
    #[TestWith(['22:00', '06:00', '12:00', false])]
    public function test_it_holds_from_its_start_up_to_its_end(string $from, string $until, string $time, bool $expected): void
    {
        self::assertSame($expected, (new TimeWindow($from, $until))->contains(Carbon::parse("2026-11-24 {$time}", 'UTC')));
    }

    public function test_it_reads_the_clock_of_its_timezone(): void
    {
        $noonInTokyo = Carbon::parse('2026-11-24 03:00', 'UTC');

        self::assertTrue((new TimeWindow('11:00', '13:00', 'Asia/Tokyo'))->contains($noonInTokyo));
        self::assertFalse((new TimeWindow('11:00', '13:00'))->contains($noonInTokyo));
    }

    #[TestWith(['8:00'])]
    #[TestWith(['24:00'])]
    #[TestWith(['noon'])]
    public function test_what_is_no_time_of_day_is_refused(string $from): void
    {
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage("from must be a time of day such as \"08:30\", not \"{$from}\"");

        new TimeWindow($from, '18:00');
    }
}
