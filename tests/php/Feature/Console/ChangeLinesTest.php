<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use Illuminate\Support\Carbon;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Console\Display\ChangeLines;
use QueueAutoscale\Laravel\Manager\WorkerEvent;
use QueueAutoscale\Tests\Support\Decisions;
use Symfony\Component\Console\Output\BufferedOutput;
use Symfony\Component\Console\Output\OutputInterface;

final class ChangeLinesTest extends TestCase
{
    private BufferedOutput $output;

    protected function setUp(): void
    {
        Carbon::setTestNow('2026-11-24 22:31:05');
        $this->output = new BufferedOutput();
    }

    protected function tearDown(): void
    {
        Carbon::setTestNow();
    }

    public function test_a_change_is_one_line_and_its_repetition_is_none(): void
    {
        $lines = new ChangeLines($this->output);
        $change = Decisions::of([
            'current_workers' => 3, 'target_workers' => 9, 'pending' => 150, 'oldest_job_age_seconds' => 4.04,
            'sla_state' => 'at_risk', 'reason' => 'the backlog must go',
        ]);

        $lines->turnEnded(Decisions::turn([$change]));
        $lines->turnEnded(Decisions::turn([$change]));

        self::assertSame(
            '22:31:05 scale queue=redis:emails workers=3->9 pending=150 oldest_seconds=4.0 arrivals_per_second=2.00 '
                . "sla=at_risk reason=\"the backlog must go\"\n",
            $this->output->fetch(),
        );
    }

    public function test_a_step_that_is_decided_again_and_again_is_told_once(): void
    {
        $lines = new ChangeLines($this->output);

        foreach (range(1, 5) as $cycle) {
            $lines->turnEnded(Decisions::turn([Decisions::of(['current_workers' => 1, 'target_workers' => 2])]));
            $lines->turnEnded(Decisions::turn([Decisions::of()]));
        }

        self::assertSame(1, substr_count($this->output->fetch(), 'scale'));
    }

    public function test_workers_that_left_by_themselves_are_no_step(): void
    {
        $lines = new ChangeLines($this->output);

        $lines->turnEnded(Decisions::turn([Decisions::of(['current_workers' => 0, 'target_workers' => 1])]));
        $this->output->fetch();
        $lines->turnEnded(Decisions::turn([Decisions::of(['current_workers' => 0, 'target_workers' => 0])]));

        self::assertSame('', $this->output->fetch());
    }

    public function test_another_state_of_the_sla_is_a_line_of_its_own_kind(): void
    {
        $lines = new ChangeLines($this->output);

        $lines->turnEnded(Decisions::turn([Decisions::of(['sla_state' => 'breached'])]));
        $lines->turnEnded(Decisions::turn([Decisions::of(['sla_state' => 'breached'])]));

        self::assertStringStartsWith('22:31:05 sla queue=redis:emails workers=1->1', $this->output->fetch());
        self::assertSame('', $this->output->fetch());
    }

    public function test_nothing_from_elsewhere_commands_the_terminal_or_forges_a_line(): void
    {
        $lines = new ChangeLines($this->output);
        $evil = "x\e]0;title\x07\n22:31:05 stopped\u{9B}2J\u{202E}";

        $lines->turnEnded(Decisions::turn([Decisions::of(['queues' => $evil, 'target_workers' => 2, 'reason' => $evil])]));
        $lines->problem($evil);
        $lines->workerEvent(new WorkerEvent('worker_crashed', ['queues' => "emails\n", 'output_tail' => [$evil]]));

        $output = $this->output->fetch();
        self::assertSame(3, substr_count($output, "\n"));
        self::assertDoesNotMatchRegularExpression('/[\p{Cc}\p{Cf}]/u', str_replace("\n", '', $output));
    }

    public function test_a_queue_in_which_nothing_changes_is_not_mentioned(): void
    {
        (new ChangeLines($this->output))->turnEnded(Decisions::turn([Decisions::of()]));

        self::assertSame('', $this->output->fetch());
    }

    public function test_a_dry_run_tells_of_every_queue(): void
    {
        (new ChangeLines($this->output))->turnEnded(Decisions::turn([Decisions::of()], dryRun: true));

        self::assertStringStartsWith('22:31:05 would-scale queue=redis:emails workers=1->1', $this->output->fetch());
    }

    public function test_workers_are_mentioned_with_v_alone_unless_they_crash(): void
    {
        $started = new WorkerEvent('worker_started', ['pid' => 7]);
        $crashed = new WorkerEvent('worker_crashed', ['pid' => 7, 'signal' => 9]);
        $lines = new ChangeLines($this->output);

        $lines->workerEvent($started);
        $lines->workerEvent($crashed);
        self::assertSame("22:31:05 worker_crashed pid=7 signal=9\n", $this->output->fetch());

        $this->output->setVerbosity(OutputInterface::VERBOSITY_VERBOSE);
        $lines->workerEvent($started);
        self::assertSame("22:31:05 worker_started pid=7\n", $this->output->fetch());
    }
}
