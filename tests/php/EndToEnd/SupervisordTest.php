<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use QueueAutoscale\Tests\Support\Artisan;
use QueueAutoscale\Tests\Support\DocumentationSamples;
use QueueAutoscale\Tests\Support\Wait;

/** The manager under Supervisor, with the sample of docs/operations.md. */
final class SupervisordTest extends EndToEndTestCase
{
    public function test_supervisor_starts_the_manager_and_stops_it_in_order(): void
    {
        exec('command -v supervisord', $found);

        if ($found === []) {
            self::markTestSkipped('supervisord is not installed.');
        }

        $folder = $this->folder->path;
        file_put_contents("{$folder}/supervisord.conf", $this->configuration($folder));
        $this->enqueue(3, 'emails', static fn(): SleepJob => new SleepJob(0.1));
        $supervisord = proc_open(
            [$found[0], '--nodaemon', '--configuration', "{$folder}/supervisord.conf"],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['redirect', 1]],
            $pipes,
            env_vars: [...getenv(), ...$this->environment()],
        );
        self::assertIsResource($supervisord);

        try {
            $this->waitUntil(fn(): bool => $this->unfinishedJobs() === [], 'all jobs to be done');
            proc_terminate($supervisord);
            Wait::until(static fn(): bool => ! proc_get_status($supervisord)['running'], self::PATIENCE_SECONDS, 'the end');
        } finally {
            proc_terminate($supervisord, SIGKILL);
        }

        $log = (string) file_get_contents("{$folder}/supervisord.log");
        self::assertStringContainsString('stopped: queue-autoscale (exit status 0)', $log);
        self::assertStringContainsString('stopped reason="a signal"', (string) file_get_contents("{$folder}/manager.log"));
        self::assertSame([], $this->workers());
    }

    private function configuration(string $folder): string
    {
        [[$sample]] = array_values(array_filter(
            DocumentationSamples::in('ini'),
            static fn(array $sample): bool => str_contains($sample[0], '[program:queue-autoscale]'),
        ));
        $sample = strtr($sample, [
            '/var/www/app' => (string) realpath(Artisan::APPLICATION),
            'www-data' => posix_getpwuid(posix_geteuid())['name'] ?? 'root',
        ]);

        return <<<INI
            [supervisord]
            logfile={$folder}/supervisord.log
            pidfile={$folder}/supervisord.pid

            {$sample}
            stdout_logfile={$folder}/manager.log
            redirect_stderr=true
            INI;
    }
}
