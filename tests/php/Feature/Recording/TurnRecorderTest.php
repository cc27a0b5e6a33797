<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Recording;

use App\Jobs\SleepJob;
use Illuminate\Support\Facades\Log;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\Manager\Sight;
use QueueAutoscale\Laravel\Observers\TurnRecorder;
use QueueAutoscale\Laravel\Recording\RecordingFile;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use QueueAutoscale\Tests\Support\Decisions;
use QueueAutoscale\Tests\Support\MetricsRow;

final class TurnRecorderTest extends FeatureTestCase
{
    private string $path;

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

    public function test_a_file_that_cannot_be_written_is_named_before_anything_starts(): void
    {
        [$exitCode, $output] = $this->artisan('queue:autoscale', ['--once' => true, '--record' => '/no/such/folder/traffic.jsonl']);

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('--record: /no/such/folder/traffic.jsonl cannot be written (No such file or directory)', $output);
    }

    public function test_a_file_with_something_else_in_it_stays_as_it_is(): void
    {
        file_put_contents($this->path, "APP_KEY=secret\n");

        try {
            $this->recorder();
            self::fail('It was taken for a recording.');
        } catch (CannotStart $cannotStart) {
            self::assertStringContainsString('holds something else than a recording', $cannotStart->getMessage());
        }

        self::assertSame("APP_KEY=secret\n", file_get_contents($this->path));
    }

    public function test_a_recording_of_before_the_machines_start_is_not_gone_on_with(): void
    {
        $this->record(hrtime(true) / 1e9 + 1000);

        $this->expectException(CannotStart::class);
        $this->expectExceptionMessage('was recorded before this machine was started');

        $this->recorder();
    }

    public function test_a_full_disk_is_reported_once_and_ends_nothing(): void
    {
        $told = [];
        $problems = new Problems(Log::channel('single'));
        $problems->listen(static function (string $message) use (&$told): void {
            $told[] = $message;
        });
        $recorder = new TurnRecorder(RecordingFile::open('/dev/full', 0.0), $problems);

        $recorder->turnEnded(Decisions::turn([Decisions::of()]));
        $recorder->turnEnded(Decisions::turn([Decisions::of()]));

        self::assertCount(1, $told);
        self::assertStringContainsString('/dev/full cannot be written', $told[0]);
        self::assertStringContainsString('No space left on device', $told[0]);
    }

    private function recorder(): TurnRecorder
    {
        return new TurnRecorder(RecordingFile::open($this->path, hrtime(true) / 1e9), new Problems(Log::channel('single')));
    }

    private function record(float $nowSeconds): void
    {
        $this->recorder()->turnEnded(Decisions::turn([Decisions::of()], seen: new Sight([], [], $nowSeconds)));
    }

    /** @return list<array<string, mixed>> */
    private function turns(): array
    {
        return array_map(
            static fn(string $line): array => json_decode($line, associative: true, flags: JSON_THROW_ON_ERROR),
            (array) file($this->path, FILE_IGNORE_NEW_LINES),
        );
    }
}
