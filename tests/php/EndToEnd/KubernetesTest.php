<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\SleepJob;
use Illuminate\Support\Facades\DB;
use QueueAutoscale\Tests\Support\Artisan;
use QueueAutoscale\Tests\Support\Kubernetes\ApiServerProcess;

/** A whole manager against an API server over HTTP and TLS. Its pods get ready, but work nothing: the tests see to the jobs. */
final class KubernetesTest extends EndToEndTestCase
{
    private const EMAILS = 'queue-worker-emails';

    private const MIN_WORKERS = 1;

    private ApiServerProcess $server;

    protected function setUp(): void
    {
        parent::setUp();
        $this->server = new ApiServerProcess($this->folder);
        $this->server->control(['boot_seconds' => 1.0]);
    }

    protected function tearDown(): void
    {
        parent::tearDown();
        $this->server->stop();
    }

    public function test_a_day_in_the_cluster(): void
    {
        $this->server->deploy(self::EMAILS);
        $this->server->deploy('queue-worker-default');
        $manager = $this->startClusterManager();
        $this->waitForReplicas(self::MIN_WORKERS, $manager);

        // Up, over a conflict.
        $this->server->breakNext('conflict', 'PATCH');
        $this->enqueue(200, 'emails', static fn(): SleepJob => new SleepJob(1.0));
        $this->waitUntil(fn(): bool => $this->server->replicas(self::EMAILS) > self::MIN_WORKERS, 'more replicas', $manager);
        self::assertNotSame([], $this->server->requests('PATCH', withStatus: 409));
        $this->waitUntil(fn(): bool => $this->server->ready(self::EMAILS) > self::MIN_WORKERS, 'pods to be ready', $manager);

        // How long that took is what the engine reckons with, in place of default_boot_seconds.
        $this->waitUntil(fn(): bool => $this->bootSecondsOfStatus() > 0.9, 'the boot time to be learned', $manager);

        // Nothing works the jobs, so all that may be is wanted.
        $this->waitForReplicas(6, $manager);

        // The load is gone but for one job, and just now the Role is as well. Of pods that tell nothing, a queue without any job would be doubted.
        $this->server->control(['allowed' => ['get deployments']]);
        DB::table('jobs')->where('id', '>', DB::table('jobs')->min('id'))->delete();
        $this->waitUntil(fn(): bool => str_contains($manager->output(), 'may not patch deployments/scale'), 'the missing rule', $manager);
        self::assertSame(6, $this->server->replicas(self::EMAILS));
        self::assertStringContainsString('verbs ["patch"]', $this->log());
        // Once, not in each turn.
        $this->waitUntil(fn(): bool => count($this->server->requests('PATCH', withStatus: 403)) > 3, 'it to be tried again', $manager);
        self::assertSame(1, substr_count($manager->output(), 'The workers of database:emails could not be scaled'));

        // Back, with a server that does not answer in between.
        $this->server->control(['allowed' => ['get deployments', 'patch deployments/scale']]);
        $this->server->breakNext('slow', seconds: 1.0);
        $this->waitForReplicas(self::MIN_WORKERS, $manager);
        $this->waitUntil(fn(): bool => str_contains($this->log(), 'No longer: workers of database:emails.'), 'the trouble to be over', $manager);

        $manager->signal(SIGTERM);
        self::assertSame(0, $manager->exitCode());
        self::assertSame(self::MIN_WORKERS, $this->server->replicas(self::EMAILS));
        self::assertSame([], $this->workers());
    }

    public function test_a_manager_that_starts_takes_nothing_away_that_it_does_not_know(): void
    {
        $this->server->deploy(self::EMAILS, replicas: 4);
        $this->server->deploy('queue-worker-default');
        $this->enqueue(200, 'emails', static fn(): SleepJob => new SleepJob(1.0));

        $manager = $this->startClusterManager(['queues' => ['emails' => ['max_workers' => 4]]]);
        $this->waitUntil(static fn(): bool => str_contains($manager->output(), 'database:emails'), 'a decision', $manager);
        $turns = count($this->server->requests('GET'));
        $this->waitUntil(fn(): bool => count($this->server->requests('GET')) > $turns + 4, 'some turns', $manager);

        self::assertSame(4, $this->server->replicas(self::EMAILS));
        self::assertSame([], $this->server->requests('PATCH'));
    }

    public function test_outside_of_a_cluster_one_sentence_says_what_to_do(): void
    {
        $manager = $this->startClusterManager(environment: ['KUBERNETES_SERVICE_HOST' => '']);

        self::assertSame(1, $manager->exitCode());
        self::assertStringContainsString('run the manager in a pod', (string) preg_replace('/\s+/', ' ', $manager->output()));
    }

    /**
     * @param array<string, mixed> $configuration
     * @param array<string, string> $environment
     */
    private function startClusterManager(array $configuration = [], array $environment = []): Artisan
    {
        return $this->startManager(array_replace_recursive([
            'backend' => 'kubernetes',
            'kubernetes' => ['service_account_path' => $this->server->serviceAccountPath, 'timeout_seconds' => 0.5],
            'queues' => ['emails' => ['min_workers' => self::MIN_WORKERS, 'max_workers' => 6]],
            'prediction' => ['default_boot_seconds' => 0.1],
        ], $configuration), environment: [...$this->server->environment(), ...$environment]);
    }

    private function waitForReplicas(int $replicas, Artisan $manager): void
    {
        $this->waitUntil(fn(): bool => $this->server->replicas(self::EMAILS) === $replicas, "{$replicas} replicas", $manager);
    }

    private function bootSecondsOfStatus(): float
    {
        $snapshots = json_decode($this->artisan('queue:autoscale:status', ['--json' => true])[1], associative: true);

        return (float) ($snapshots[0]['decisions']['database:emails']['boot_seconds'] ?? 0.0);
    }

    private function log(): string
    {
        return (string) file_get_contents("{$this->folder->path}/logs/laravel.log");
    }
}
