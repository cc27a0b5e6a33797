<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Kubernetes;

use QueueAutoscale\Configuration;
use QueueAutoscale\Laravel\Exceptions\CannotStart;

/**
 * What every pod is given to speak to its cluster's API server: the address in its environment, and a folder with token,
 * certificate authority and namespace.
 *
 * @internal
 */
final readonly class ServiceAccount
{
    private function __construct(
        public string $server,
        public string $namespace,
        public string $certificateAuthorityFile,
        private string $tokenFile,
    ) {
    }

    /** @throws CannotStart outside of a cluster */
    public static function ofThisPod(Configuration $configuration): self
    {
        ['service_account_path' => $folder, 'namespace' => $namespace] = $configuration->toArray()['kubernetes'];
        $host = (string) getenv('KUBERNETES_SERVICE_HOST');
        $port = (string) getenv('KUBERNETES_SERVICE_PORT');

        if ($host === '' || $port === '') {
            throw CannotStart::because(
                'queue-autoscale.backend is kubernetes, but KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not in the '
                    . 'environment: run the manager in a pod of the cluster.',
            );
        }

        foreach (['token', 'ca.crt', ...($namespace === null ? ['namespace'] : [])] as $file) {
            if (! is_readable("{$folder}/{$file}")) {
                throw CannotStart::because(
                    "{$folder}/{$file} cannot be read: give the manager's pod a service account, and leave "
                        . 'automountServiceAccountToken on.',
                );
            }
        }

        return new self(
            server: sprintf('https://%s:%s', str_contains($host, ':') ? "[{$host}]" : $host, $port),
            namespace: $namespace ?? trim((string) file_get_contents("{$folder}/namespace")),
            certificateAuthorityFile: "{$folder}/ca.crt",
            tokenFile: "{$folder}/token",
        );
    }

    /** Read anew each time, since the kubelet replaces it before it expires. */
    public function token(): string
    {
        return trim((string) @file_get_contents($this->tokenFile));
    }
}
