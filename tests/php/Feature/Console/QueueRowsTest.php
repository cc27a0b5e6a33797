<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Console\Display\QueueRows;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\Tests\Support\Decisions;
use Symfony\Component\Console\Formatter\OutputFormatter;
use Symfony\Component\Console\Helper\Helper;

final class QueueRowsTest extends TestCase
{
    public function test_a_row_tells_what_waits_what_comes_and_who_works(): void
    {
        $lines = $this->lines([Decisions::of([
            'pending' => 1234, 'oldest_job_age_seconds' => 4.2, 'arrival_rate_per_second' => 15.0,
            'current_workers' => 3, 'target_workers' => 9, 'sla_state' => 'at_risk',
            'reason' => '9 workers: 1 234 jobs must go',
        ])]);

        self::assertMatchesRegularExpression('/^redis:emails +1 234 +4\.2 s +15\.0\/s +3 → 9 +at risk/u', $lines[1]);
        self::assertSame('  9 workers: 1 234 jobs must go', rtrim($lines[2]));
    }

    public function test_a_long_reason_is_shown_in_full_where_there_is_room_and_cut_where_there_is_little(): void
    {
        $decisions = [Decisions::of(['reason' => str_repeat('word ', 30) . 'end']), Decisions::of(['queues' => 'other'])];

        self::assertStringContainsString('end', implode("\n", $this->lines($decisions, height: 24)));

        $cut = $this->lines($decisions, height: 7);
        self::assertCount(5, $cut);
        self::assertStringContainsString('…', $cut[2]);

        self::assertCount(3, $this->lines($decisions, height: 6));
    }

    public function test_no_line_is_wider_than_the_terminal(): void
    {
        $decisions = array_map(
            static fn(int $number): ScalingDecision => Decisions::of([
                'queues' => "a-very-long-name-of-a-queue-of-tenant-{$number}",
                'reason' => str_repeat('a long reason ', 20),
                'pending' => 10 ** 6,
            ]),
            range(1, 5),
        );

        foreach ([80, 100, 200] as $width) {
            foreach ($this->lines($decisions, $width) as $line) {
                self::assertLessThanOrEqual($width, Helper::width($line), $line);
            }
        }
    }

    public function test_with_a_hundred_queues_the_urgent_ones_are_seen_and_the_others_counted(): void
    {
        $decisions = array_map(
            static fn(int $number): ScalingDecision => Decisions::of([
                'queues' => "tenant-{$number}",
                'sla_state' => $number === 77 ? 'breached' : 'met',
            ]),
            range(1, 100),
        );

        $lines = $this->lines($decisions, height: 24);

        self::assertLessThanOrEqual(24, count($lines));
        self::assertStringStartsWith('redis:tenant-77 ', $lines[1]);
        self::assertSame('… and 80 more queues', end($lines));
    }

    public function test_every_state_is_a_word_so_that_no_colour_is_needed(): void
    {
        foreach (['met' => 'met', 'at_risk' => 'at risk', 'breached' => 'breached', 'unknown' => 'unknown'] as $state => $word) {
            self::assertStringContainsString($word, $this->lines([Decisions::of(['sla_state' => $state])])[1]);
        }
    }

    public function test_the_history_of_waiting_jobs_and_workers_is_drawn_where_it_fits(): void
    {
        $rows = new QueueRows();

        foreach ([0, 50, 100] as $pending) {
            $decisions = ['redis:emails' => Decisions::of(['pending' => $pending])];
            $rows->remember($decisions);
            $lines = $rows->lines($decisions, 100, 24);
        }

        self::assertStringContainsString('▁▅█', $lines[1]);
    }

    public function test_where_names_do_not_fit_a_connection_that_is_everybodys_is_left_out(): void
    {
        $decisions = [Decisions::of(['queues' => 'tenant-12-notifications']), Decisions::of(['queues' => 'default'])];

        self::assertStringStartsWith('tenant-12-noti…', $this->lines($decisions, width: 60)[1]);
        self::assertStringStartsWith('redis:tenant-12-notifications', $this->lines($decisions, width: 100)[1]);

        $decisions[] = Decisions::of(['connection' => 'sqs']);
        self::assertStringStartsWith('redis:tenant-1…', $this->lines($decisions, width: 60)[1]);
    }

    public function test_one_look_without_a_history_shows_none(): void
    {
        self::assertStringNotContainsString('▁', implode((new QueueRows())->lines(['redis:emails' => Decisions::of()], 80, 24)));
    }

    public function test_the_history_fits_eighty_columns_beside_an_ordinary_name(): void
    {
        $lines = $this->lines([Decisions::of(['queues' => 'notifications', 'pending' => 5])]);

        self::assertStringContainsString('█', $lines[1]);
    }

    public function test_a_queue_may_be_named_like_a_colour_tag(): void
    {
        self::assertStringStartsWith('redis:<fg=red>', $this->lines([Decisions::of(['queues' => '<fg=red>'])])[1]);
    }

    public function test_an_empty_system_says_so(): void
    {
        self::assertSame(['No queue has had a job yet.'], $this->lines([]));
    }

    /**
     * @param list<ScalingDecision> $decisions
     * @return list<string> without colours
     */
    private function lines(array $decisions, int $width = 80, int $height = 24): array
    {
        $formatter = new OutputFormatter(decorated: false);
        $byPool = Decisions::turn($decisions)->decisions;
        $rows = new QueueRows();
        $rows->remember($byPool);

        return array_map(
            static fn(string $line): string => (string) $formatter->format($line),
            $rows->lines($byPool, $width, $height),
        );
    }
}
