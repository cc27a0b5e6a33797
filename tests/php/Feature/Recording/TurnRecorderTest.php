<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Recording;

use App\Jobs\SleepJob;
use Psr\Log\NullLogger;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\Sight;
use QueueAutoscale\Laravel\Manager\Turn;
use QueueAutoscale\Laravel\Observers\TurnRecorder;
use QueueAutoscale\Laravel\Recording\RecordingFile;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Decisions;
use QueueAutoscale\Tests\Support\ListLogger;
use QueueAutoscale\Tests\Support\MetricsRow;

final class TurnRecorderTest extends FeatureTestCase
{
    private string $path;

    /** @var list<string> the problems */
    private array $told = [];

    private ListLogger $log;

    protected function setUp(): void
    {
        parent::setUp();
        $this->path = "{$this->folder->path}/traffic.jsonl";
    }

    public function test_a_turn_is_one_line_with_what_was_seen_and_decided(): void
    {
        $workers = ['redis:emails' => ['connection' => 'redis', 'queues' => 'emails', 'busy' => 2]];
        $seen = new Sight(MetricsRow::of('emails', pending: 7), $workers, 12.5);

        $this->recorder()->turnEnded(Decisions::turn([Decisions::of(['target_workers' => 4])], seen: $seen));

        [$turn] = $this->turns();
        self::assertSame(1, $turn['version']);
        self::assertSame(12.5, $turn['now_seconds']);
        self::assertSame(7, $turn['metrics']['redis:emails']['depth']['pending']);
        self::assertSame(2, $turn['workers']['redis:emails']['busy']);
        self::assertSame(4, $turn['decisions']['redis:emails']['target_workers']);
        self::assertSame(
            ['cpu_limit_cores' => 2, 'cpu_used_cores' => 0.5, 'memory_limit_bytes' => 4 * 1024 ** 3, 'memory_used_bytes' => 1024 ** 3],
            $turn['host'],
        );
    }

    public function test_the_command_records_what_the_manager_saw(): void
    {
        (new SleepJob(0))->enqueue('emails');

        [$exitCode] = $this->artisan('queue:autoscale', ['--dry-run' => true, '--once' => true, '--record' => $this->path]);

        self::assertSame(0, $exitCode);
        self::assertSame(1, $this->turns()[0]['metrics']['database:emails']['depth']['pending']);
    }

    public function test_a_recording_is_gone_on_with_and_a_line_cut_off_is_taken_away(): void
    {
        $this->record(1.0);
        file_put_contents($this->path, '{"version":1,"now_sec', FILE_APPEND);

        $this->record(2.0);

        self::assertSame([1, 2], array_column($this->turns(), 'now_seconds'));
    }

    public function test_a_last_line_of_junk_as_after_a_loss_of_power_is_taken_away(): void
    {
        $this->record(1.0);
        file_put_contents($this->path, str_repeat("\0", 4096) . "\n{\"version\":", FILE_APPEND);

        $this->record(2.0);

        self::assertSame([1, 2], array_column($this->turns(), 'now_seconds'));
    }

    public function test_a_file_that_cannot_be_written_is_a_problem_and_keeps_no_manager_from_its_work(): void
    {
        $parameters = ['--once' => true, '--dry-run' => true, '--record' => '/no/such/folder/traffic.jsonl'];
        [$exitCode, $output] = $this->artisan('queue:autoscale', $parameters);

        self::assertSame(0, $exitCode);
        self::assertStringContainsString(
            'A cycle is missing in the recording: /no/such/folder/traffic.jsonl cannot be written (No such file or directory).',
            $output,
        );
    }

    public function test_recording_begins_once_the_file_can_be_written(): void
    {
        $folder = "{$this->folder->path}/later";
        $this->path = "{$folder}/traffic.jsonl";
        $recorder = $this->recorder();
        $recorder->turnEnded($this->turnAt(1.0));

        mkdir($folder);
        $recorder->turnEnded($this->turnAt(2.0));

        self::assertSame([2], array_column($this->turns(), 'now_seconds'));
        self::assertCount(1, $this->told);
    }

    public function test_a_file_with_something_else_in_it_stays_as_it_is(): void
    {
        file_put_contents($this->path, "APP_KEY=secret\n");

        $this->record(1.0);

        self::assertStringContainsString('holds something else than a recording', $this->told[0]);
        self::assertSame("APP_KEY=secret\n", file_get_contents($this->path));
    }

    public function test_a_pipe_that_nobody_reads_keeps_nobody_waiting(): void
    {
        posix_mkfifo($this->path, 0o600);

        $this->record(1.0);

        self::assertStringContainsString('is a pipe, not a file', $this->told[0]);
    }

    public function test_a_recording_of_before_the_machines_start_is_kept_beside_a_new_one(): void
    {
        $this->record(1_000.0);

        $this->record(5.0);

        self::assertSame([5], array_column($this->turns(), 'now_seconds'));
        self::assertSame([1_000], array_column($this->turns("{$this->path}.1"), 'now_seconds'));
        self::assertSame([], $this->told);
        self::assertStringContainsString('was recorded before this machine was started', $this->log->messages[0]);
    }

    public function test_full_files_are_kept_beside_it_and_of_too_many_the_oldest_goes(): void
    {
        $recorder = $this->recorder(maxBytes: 1);

        foreach (range(1, RecordingFile::OLDER_FILES + 2) as $second) {
            $recorder->turnEnded($this->turnAt((float) $second));
        }

        $kept = array_map(
            fn(string $file): int => $this->turns($file)[0]['now_seconds'],
            (array) glob("{$this->path}*"),
        );
        self::assertSame([5, 4, 3, 2], $kept);
    }

    public function test_a_full_disk_is_reported_once_and_ends_nothing(): void
    {
        $this->path = '/dev/full';
        $recorder = $this->recorder();

        $recorder->turnEnded(Decisions::turn([Decisions::of()]));
        $recorder->turnEnded(Decisions::turn([Decisions::of()]));

        self::assertCount(1, $this->told);
        self::assertStringContainsString('/dev/full cannot be written', $this->told[0]);
        self::assertStringContainsString('No space left on device', $this->told[0]);
    }

    private function recorder(int $maxBytes = RecordingFile::MAX_BYTES): TurnRecorder
    {
        $problems = new Problems(new NullLogger());
        $problems->listen(function (string $message): void {
            $this->told[] = $message;
        });

        return new TurnRecorder(new RecordingFile($this->path, $maxBytes), $problems, $this->log = new ListLogger());
    }

    private function record(float $nowSeconds): void
    {
        $this->recorder()->turnEnded($this->turnAt($nowSeconds));
    }

    private function turnAt(float $nowSeconds): Turn
    {
        return Decisions::turn([Decisions::of()], seen: new Sight([], [], $nowSeconds));
    }

    /** @return list<array<string, mixed>> */
    private function turns(?string $path = null): array
    {
        return array_map(
            static fn(string $line): array => json_decode($line, associative: true, flags: JSON_THROW_ON_ERROR),
            (array) file($path ?? $this->path, FILE_IGNORE_NEW_LINES),
        );
    }
}
