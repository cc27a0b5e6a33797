<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Kubernetes;

use Illuminate\Filesystem\Filesystem;
use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Kubernetes\KubernetesBackend;
use QueueAutoscale\Laravel\Kubernetes\KubernetesFailure;
use QueueAutoscale\Laravel\Manager\Problems;
use QueueAutoscale\Laravel\ScaleOutcome;
use QueueAutoscale\Tests\Support\ApplicationFolder;
use QueueAutoscale\Tests\Support\Kubernetes\ApiServerProcess;
use QueueAutoscale\Tests\Support\Kubernetes\Certificates;
use QueueAutoscale\Tests\Support\ListLogger;
use QueueAutoscale\Tests\Support\Wait;
use QueueAutoscale\WorkerSupervisor;

/** Against an API server of its own, over HTTP and TLS. */
final class KubernetesBackendTest extends TestCase
{
    private const PATIENCE_SECONDS = 20.0;

    private const EMAILS = 'queue-worker-emails';

    private ApplicationFolder $folder;

    private ApiServerProcess $server;

    private ListLogger $log;

    private ?KubernetesBackend $backend = null;

    protected function setUp(): void
    {
        $this->folder = new ApplicationFolder();
        $this->server = new ApiServerProcess($this->folder);
        $this->log = new ListLogger();
        $this->enterCluster();
    }

    protected function tearDown(): void
    {
        // A process has one supervisor at a time.
        unset($this->backend);
        array_map(putenv(...), array_keys($this->server->environment()));
        $this->server->stop();
        $this->folder->remove();
    }

    public function test_ready_pods_are_workers_and_pending_ones_are_starting(): void
    {
        $this->server->deploy(self::EMAILS, replicas: 2);
        $this->server->control(['boot_seconds' => 3600]);
        $backend = $this->backend();

        self::assertSame([0, 2, 0, 0], $this->counts($backend));
        self::assertEquals(new ScaleOutcome(started: 3, stopped: 0), $backend->scale('redis', 'emails', 5));
        self::assertSame([3, 2, 0, 0], $this->counts($backend));
        self::assertEquals(new ScaleOutcome(started: 0, stopped: 4), $backend->scale('redis', 'emails', 1));
        self::assertSame([0, 1, 0, 0], $this->counts($backend));
    }

    public function test_what_does_not_change_costs_one_request_a_turn(): void
    {
        $this->server->deploy(self::EMAILS, replicas: 2);
        $backend = $this->backend();

        for ($turn = 0; $turn < 3; $turn++) {
            $backend->pools();
            $backend->scale('redis', 'emails', 2);
        }

        self::assertCount(3, $this->server->requests('GET'));
        self::assertSame([], $this->server->requests('PATCH'));
    }

    public function test_how_long_pods_take_is_learned(): void
    {
        $this->server->deploy(self::EMAILS);
        $this->server->control(['boot_seconds' => 0.2]);
        $backend = $this->backend();
        self::assertNull($backend->pools()['redis:emails']['boot_seconds']);
        $backend->scale('redis', 'emails', 2);

        $this->waitUntil(static fn(): bool => $backend->pools()['redis:emails']['boot_seconds'] !== null, 'the pods to be ready');

        self::assertGreaterThan(0.19, $backend->pools()['redis:emails']['boot_seconds']);
    }

    public function test_a_conflict_is_read_anew_and_tried_again_at_once(): void
    {
        $this->server->deploy(self::EMAILS);
        $backend = $this->backend();
        $backend->pools();
        $this->server->breakNext('conflict', 'PATCH');

        $backend->scale('redis', 'emails', 4);

        self::assertSame(4, $this->server->replicas(self::EMAILS));
        self::assertCount(1, $this->server->requests('PATCH', withStatus: 409));
        self::assertCount(2, $this->server->requests('PATCH'));
    }

    public function test_a_change_that_nobody_saw_is_not_overwritten_unread(): void
    {
        $this->server->deploy(self::EMAILS, replicas: 2);
        $backend = $this->backend();
        $backend->pools();
        // Somebody's kubectl scale, in the middle of the turn.
        $this->server->control(['scale' => [self::EMAILS => 9]]);

        self::assertEquals(new ScaleOutcome(started: 0, stopped: 6), $backend->scale('redis', 'emails', 3));
        self::assertCount(1, $this->server->requests('PATCH', withStatus: 409));
    }

    public function test_conflicts_without_end_are_told_and_tried_again_later(): void
    {
        $this->server->deploy(self::EMAILS);
        $backend = $this->backend();
        $backend->pools();
        $this->server->breakNext('conflict', 'PATCH', times: 3);

        self::assertStringContainsString('changes too quickly', $this->refused($backend, 4));
        self::assertCount(3, $this->server->requests('PATCH', withStatus: 409));
        // Wanted all the same: the engine goes on with four, and they are places to be filled.
        self::assertSame([0, 0, 0, 4], $this->counts($backend));

        $this->superviseUntil($backend, fn(): bool => $this->server->replicas(self::EMAILS) === 4);
        self::assertSame([0, 4, 0, 0], $this->counts($backend));
    }

    public function test_a_throttling_server_is_left_alone_for_as_long_as_it_asks_and_then_told(): void
    {
        $this->server->deploy(self::EMAILS);
        $backend = $this->backend();
        $backend->pools();
        $this->server->breakNext('throttled', times: 1, seconds: 1);

        self::assertStringContainsString('asks to be left alone', $this->refused($backend, 4));
        $asked = hrtime(true);

        // All that the turn still wants fails at once.
        $before = count($this->server->requests('GET'));
        $backend->pools();
        self::assertCount($before, $this->server->requests('GET'));

        $this->superviseUntil($backend, fn(): bool => $this->server->replicas(self::EMAILS) === 4);
        self::assertGreaterThan(1.0, (hrtime(true) - $asked) / 1e9);
        self::assertCount(2, $this->server->requests('PATCH'));
    }

    public function test_an_instant_to_come_back_at_is_kept_as_well(): void
    {
        $this->server->deploy(self::EMAILS);
        $backend = $this->backend();
        $backend->pools();
        $this->server->breakNext('throttled_until', seconds: 3600);
        self::assertStringContainsString('asks to be left alone', $this->refused($backend, 4));

        // Longer than where it does not say for how long.
        $backend->supervise(1.2);
        self::assertStringContainsString('asks to be left alone', $this->refused($backend, 4));

        self::assertCount(1, $this->server->requests('PATCH'));
    }

    public function test_a_manager_that_is_paused_tries_nothing(): void
    {
        $this->server->deploy(self::EMAILS);
        $backend = $this->backend();
        $backend->pools();
        $this->server->breakNext('broken');
        $this->refused($backend, 4);

        posix_kill((int) getmypid(), SIGUSR2);
        $this->waitUntil(static fn(): bool => $backend->supervise(0.1) !== [] && $backend->paused(), 'the pause');
        // Longer than it takes to try again.
        $until = hrtime(true) / 1e9 + 0.5;

        while (hrtime(true) / 1e9 < $until) {
            $backend->supervise(0.1);
        }

        self::assertSame(0, $this->server->replicas(self::EMAILS));

        posix_kill((int) getmypid(), SIGCONT);
        $this->superviseUntil($backend, fn(): bool => $this->server->replicas(self::EMAILS) === 4);
    }

    #[TestWith(['unavailable', 'asks to be left alone'])]
    #[TestWith(['broken', '500 InternalError: etcdserver: request timed out'])]
    #[TestWith(['truncated', 'gave no whole answer'])]
    public function test_an_answer_that_is_none_loses_no_decision(string $fault, string $told): void
    {
        $this->server->deploy(self::EMAILS);
        $backend = $this->backend();
        $backend->pools();
        $this->server->breakNext($fault);

        self::assertStringContainsString($told, $this->refused($backend, 4));
        $this->superviseUntil($backend, fn(): bool => $this->server->replicas(self::EMAILS) === 4 && $this->counts($backend)[3] === 0);
    }

    public function test_a_server_that_does_not_answer_holds_a_turn_up_once(): void
    {
        $this->server->deploy(self::EMAILS, replicas: 2);
        $this->server->deploy('queue-worker-reports', replicas: 1);
        $backend = $this->backend(['queues' => ['emails' => [], 'reports' => []], 'kubernetes' => ['timeout_seconds' => 0.3]]);
        $backend->pools();
        $this->server->breakNext('slow', seconds: 1.0);

        // What was seen last goes on, for the second one without a request.
        $pools = $backend->pools();
        self::assertSame([2, 1], [$pools['redis:emails']['unknown'], $pools['redis:reports']['unknown']]);
        self::assertStringContainsString('gave no whole answer within 0.3 s', implode("\n", $this->log->messages));
        self::assertCount(3, $this->server->requests('GET'));

        $this->superviseUntil($backend, function () use ($backend): bool {
            $backend->pools();

            return in_array('No longer: Deployment of redis:reports.', $this->log->messages, strict: true);
        });
    }

    public function test_a_rule_that_is_missing_is_named(): void
    {
        $this->server->deploy(self::EMAILS);
        $backend = $this->backend();
        $backend->pools();
        $this->server->control(['allowed' => ['get deployments']]);

        self::assertStringContainsString(
            'its Role needs a rule with apiGroups ["apps"], resources ["deployments/scale"], verbs ["patch"]',
            $this->refused($backend, 4),
        );

        $this->server->control(['allowed' => ['patch deployments/scale']]);
        $backend->pools();
        self::assertStringContainsString('resources ["deployments"], verbs ["get"]', implode("\n", $this->log->messages));
    }

    public function test_a_deployment_that_is_not_there_is_named_with_the_key(): void
    {
        self::assertStringContainsString(
            'There is no Deployment "queue-worker-emails" in the namespace "jobs": create it, name another one in the queue\'s key deployment',
            $this->refused($this->backend(), 4),
        );
    }

    public function test_pods_that_cannot_be_made_are_told(): void
    {
        $this->server->deploy(self::EMAILS, replicas: 1, conditions: [
            ['type' => 'ReplicaFailure', 'status' => 'True', 'reason' => 'FailedCreate', 'message' => 'exceeded quota: compute'],
        ]);

        $this->backend()->pools();

        self::assertStringContainsString('does not get all of its pods: exceeded quota: compute (FailedCreate)', $this->log->messages[0]);
    }

    public function test_what_the_engine_has_not_seen_is_not_taken_away(): void
    {
        $this->server->deploy('queue-worker-reports', replicas: 5);
        $backend = $this->backend();

        self::assertEquals(ScaleOutcome::nothing(), $backend->scale('redis', 'reports', 0));
        self::assertSame(5, $this->server->replicas('queue-worker-reports'));
        self::assertSame(5, $backend->pools()['redis:reports']['unknown']);

        self::assertEquals(new ScaleOutcome(started: 0, stopped: 5), $backend->scale('redis', 'reports', 0));
    }

    public function test_a_token_that_was_replaced_is_read_anew(): void
    {
        $this->server->deploy(self::EMAILS, replicas: 1);
        $backend = $this->backend();
        $backend->pools();

        $this->server->rotateToken();
        $backend->pools();

        self::assertSame([], $this->log->messages);
    }

    public function test_a_server_that_the_authority_does_not_vouch_for_is_told_nothing(): void
    {
        $this->server->deploy(self::EMAILS, replicas: 1);
        $backend = $this->backend();
        self::assertSame([0, 1, 0, 0], $this->counts($backend));

        (new Certificates($this->folder->path))->make("{$this->server->serviceAccountPath}/ca.crt");
        $before = $this->server->requests('GET');
        $backend->pools();

        self::assertSame($before, $this->server->requests('GET'));
        self::assertStringContainsString('ca.crt does not vouch for', implode("\n", $this->log->messages));
    }

    public function test_a_certificate_for_somebody_else_is_refused(): void
    {
        $this->server->stop();
        (new Filesystem())->cleanDirectory($this->folder->path);
        $this->server = new ApiServerProcess($this->folder, certifiedAddress: '127.0.0.2');
        $this->enterCluster();

        self::assertSame([], $this->backend()->pools());
        self::assertStringContainsString('ca.crt does not vouch for', implode("\n", $this->log->messages));
    }

    public function test_outside_of_a_cluster_it_does_not_start(): void
    {
        putenv('KUBERNETES_SERVICE_HOST');

        $this->expectException(CannotStart::class);
        $this->expectExceptionMessage('run the manager in a pod of the cluster');
        $this->backend();
    }

    public function test_a_pod_without_service_account_does_not_start(): void
    {
        unlink("{$this->server->serviceAccountPath}/token");

        $this->expectException(CannotStart::class);
        $this->expectExceptionMessage('/token cannot be read');
        $this->backend();
    }

    public function test_nothing_ends_with_the_manager(): void
    {
        $this->server->deploy(self::EMAILS, replicas: 3);
        $backend = $this->backend();
        $backend->pools();

        self::assertSame(0, $backend->workersThatEndWithManager());
        self::assertSame([], $backend->shutdown());
        self::assertSame(3, $this->server->replicas(self::EMAILS));
        // The cluster's scheduler knows the nodes; this pod's limits bound nobody else.
        self::assertNull($backend->capacity());
    }

    private function enterCluster(): void
    {
        foreach ($this->server->environment() as $name => $value) {
            putenv("{$name}={$value}");
        }
    }

    /** @param array<string, mixed> $configuration */
    private function backend(array $configuration = ['queues' => ['emails' => []]]): KubernetesBackend
    {
        $configuration = Configuration::fromArray(array_replace_recursive([
            'backend' => 'kubernetes',
            'kubernetes' => ['service_account_path' => $this->server->serviceAccountPath],
            'manager' => ['interval_seconds' => 0.3],
        ], $configuration));

        return $this->backend = new KubernetesBackend($configuration, new Problems($this->log), new WorkerSupervisor($configuration));
    }

    /** @return array{int, int, int, int} starting, running, draining and to be filled, of the emails */
    private function counts(KubernetesBackend $backend): array
    {
        $row = $backend->pools()['redis:emails'];

        return [$row['starting'], $row['unknown'], $row['draining'], $row['backing_off']];
    }

    private function refused(KubernetesBackend $backend, int $target): string
    {
        try {
            $backend->scale('redis', 'emails', $target);
        } catch (KubernetesFailure $failure) {
            return $failure->getMessage();
        }

        self::fail('It was done.');
    }

    private function superviseUntil(KubernetesBackend $backend, callable $condition): void
    {
        $this->waitUntil(static function () use ($backend, $condition): bool {
            $backend->supervise(0.05);

            return $condition();
        }, 'what was wanted to be set');
    }

    private function waitUntil(callable $condition, string $what): void
    {
        Wait::until($condition(...), self::PATIENCE_SECONDS, fn(): string => $what . "\n" . implode("\n", $this->log->messages));
    }
}
