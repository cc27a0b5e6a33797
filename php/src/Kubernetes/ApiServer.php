<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Kubernetes;

use Closure;
use GuzzleHttp\Exception\TransferException;
use GuzzleHttp\Utils;
use Illuminate\Http\Client\ConnectionException;
use Illuminate\Http\Client\Factory;
use Illuminate\Http\Client\Response;
use JsonException;
use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Exceptions\CannotStart;

/**
 * The cluster's API server, as far as Deployments go: one is read (get on deployments), and its scale is patched (patch on
 * deployments/scale). The scale alone does not tell how many pods are ready.
 *
 * No call waits longer than the configured time. Where the server asks to be left alone, or did not answer, further calls
 * fail at once until that time is over, so that a turn is never held up by one time-out after another.
 *
 * @internal
 */
final class ApiServer
{
    /** An optimistic lock: with the version that was read in it, a patch of anything newer is refused with 409. */
    private const MERGE_PATCH = 'application/merge-patch+json';

    /** Who changed what, in the object's managedFields. */
    private const FIELD_MANAGER = 'queue-autoscale';

    /** How long a server that did not answer is left alone: a turn's further calls, but not the next turn's. */
    private const UNREACHABLE_SECONDS = 1.0;

    /** Where the server throttles without saying for how long. */
    private const DEFAULT_RETRY_AFTER_SECONDS = 1.0;

    /** One for all requests: cURL's keeps the connection, so that not each of them begins with a handshake. */
    private readonly Closure $handler;

    private float $closedUntil = 0.0;

    private string $closedBecause = '';

    private function __construct(
        private readonly ServiceAccount $account,
        private readonly float $timeoutSeconds,
        // Of its own, so that nothing that the application does to its HTTP client reaches the token.
        private readonly Factory $http = new Factory(),
    ) {
        $this->handler = Utils::chooseHandler()(...);
    }

    /** @throws CannotStart outside of a cluster */
    public static function ofThisPod(Configuration $configuration): self
    {
        return new self(ServiceAccount::ofThisPod($configuration), (float) $configuration->toArray()['kubernetes']['timeout_seconds']);
    }

    /** @throws KubernetesFailure */
    public function deployment(string $name): Deployment
    {
        return Deployment::fromArray($this->send('GET', $name, ''));
    }

    /**
     * Sets the replicas, if the Deployment is still what it was.
     *
     * @throws Conflict where it is not
     * @throws KubernetesFailure
     */
    public function scale(string $name, Deployment $deployment, int $replicas): Deployment
    {
        $scale = $this->patchScale($name, $deployment->resourceVersion, $replicas);

        return $deployment->with((string) $scale['metadata']['resourceVersion'], (int) ($scale['spec']['replicas'] ?? 0));
    }

    /**
     * Whether the replicas could be set, without setting them.
     *
     * @throws KubernetesFailure where they could not
     */
    public function checkScale(string $name, Deployment $deployment): void
    {
        // No version: that it changed meanwhile does not matter here.
        $this->patchScale($name, null, $deployment->replicas, ['dryRun' => 'All']);
    }

    /**
     * @param array<string, string> $query
     * @return array<string, mixed> autoscaling/v1 Scale
     */
    private function patchScale(string $name, ?string $resourceVersion, int $replicas, array $query = []): array
    {
        return $this->send('PATCH', $name, '/scale', [
            'query' => ['fieldManager' => self::FIELD_MANAGER, ...$query],
            'headers' => ['Content-Type' => self::MERGE_PATCH],
            'body' => json_encode([
                'metadata' => array_filter(['resourceVersion' => $resourceVersion]) ?: (object) [],
                'spec' => ['replicas' => $replicas],
            ], JSON_THROW_ON_ERROR),
        ]);
    }

    /**
     * @param array<string, mixed> $options
     * @return array<string, mixed>
     */
    private function send(string $method, string $name, string $subresource, array $options = []): array
    {
        $left = $this->closedUntil - self::monotonicSeconds();

        if ($left > 0) {
            throw new KubernetesFailure($this->closedBecause, retryAfterSeconds: $left);
        }

        $namespace = $this->account->namespace;
        $url = "{$this->account->server}/apis/apps/v1/namespaces/{$namespace}/deployments/{$name}{$subresource}";

        try {
            $response = $this->http
                ->setHandler($this->handler)
                ->withToken($this->account->token())
                ->acceptJson()
                ->timeout($this->timeoutSeconds)
                ->connectTimeout($this->timeoutSeconds)
                ->withoutRedirecting()
                ->withOptions(['verify' => $this->account->certificateAuthorityFile, 'read_timeout' => $this->timeoutSeconds])
                ->send($method, $url, $options);
        } catch (ConnectionException | TransferException $unreachable) {
            throw $this->close(self::UNREACHABLE_SECONDS, $this->unreachable($unreachable->getMessage()));
        }

        return $response->successful()
            ? $this->object($response)
            : throw $this->failure($response, strtolower($method), "deployments{$subresource}", $name);
    }

    /** @return array<string, mixed> */
    private function object(Response $response): array
    {
        try {
            $object = json_decode($response->body(), associative: true, flags: JSON_THROW_ON_ERROR);
        } catch (JsonException) {
            $object = null;
        }

        // Without a version nothing can be patched safely; no answer of an API server lacks it.
        return is_array($object) && isset($object['metadata']['resourceVersion'])
            ? $object
            : throw new KubernetesFailure("The API server {$this->account->server} gave no whole answer, or none of its own.");
    }

    /** What an answer other than 2xx means; its body is a Status (meta/v1). */
    private function failure(Response $response, string $verb, string $resource, string $name): KubernetesFailure
    {
        $status = (array) json_decode($response->body(), associative: true);
        $said = trim(sprintf('%d %s: %s', $response->status(), $status['reason'] ?? $response->reason(), $status['message'] ?? ''), ': ');
        $namespace = $this->account->namespace;
        $retryAfterSeconds = self::retryAfterSeconds($response, $status);

        return match (true) {
            $response->status() === 409 => new Conflict("The Deployment \"{$name}\" changes too quickly to be scaled ({$said})."),
            $response->status() === 401 => new KubernetesFailure("The API server does not take the service account's token ({$said})."),
            $response->status() === 403 => new KubernetesFailure(
                "The service account may not {$verb} {$resource} in the namespace \"{$namespace}\": its Role needs a rule with "
                    . "apiGroups [\"apps\"], resources [\"{$resource}\"], verbs [\"{$verb}\"] ({$said}).",
            ),
            $response->status() === 404 => new KubernetesFailure(
                "There is no Deployment \"{$name}\" in the namespace \"{$namespace}\": create it, name another one in the queue's key "
                    . "deployment or in queue-autoscale.kubernetes.deployment, or list the queue in queue-autoscale.excluded ({$said}).",
            ),
            $retryAfterSeconds !== null => $this->close($retryAfterSeconds, "The API server asks to be left alone for a while ({$said})."),
            default => new KubernetesFailure("The API server did not {$verb} {$resource} \"{$name}\" ({$said})."),
        };
    }

    /** @param array<string, mixed> $status */
    private static function retryAfterSeconds(Response $response, array $status): ?float
    {
        $told = $response->header('Retry-After');

        return match (true) {
            is_numeric($told) => (float) $told,
            $told !== '' && strtotime($told) !== false => max(0.0, (float) strtotime($told) - time()),
            isset($status['details']['retryAfterSeconds']) => (float) $status['details']['retryAfterSeconds'],
            in_array($response->status(), [429, 503], strict: true) => self::DEFAULT_RETRY_AFTER_SECONDS,
            default => null,
        };
    }

    private function close(float $seconds, string $because): KubernetesFailure
    {
        $this->closedUntil = self::monotonicSeconds() + $seconds;
        $this->closedBecause = $because;

        return new KubernetesFailure($because, retryAfterSeconds: $seconds);
    }

    private function unreachable(string $message): string
    {
        // The time that was waited differs each time, and the message is to stay the same.
        $stable = preg_replace(['/ after [\d.]+ (?:milli)?seconds.*/', '/ \(see https.*/'], '', strtok($message, "\n") ?: '');

        return "The API server {$this->account->server} gave no whole answer within {$this->timeoutSeconds} s, or showed a certificate that "
            . "{$this->account->certificateAuthorityFile} does not vouch for ({$stable}).";
    }

    private static function monotonicSeconds(): float
    {
        return hrtime(true) / 1e9;
    }
}
