<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use Illuminate\Contracts\Config\Repository as Config;
use QueueAutoscale\Laravel\Cluster\ClusterFactory;
use QueueAutoscale\Laravel\Cluster\ClusterSettings;
use QueueAutoscale\Laravel\Cluster\StoreUnavailable;
use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use QueueAutoscale\Laravel\Exceptions\CannotStart;

/**
 * Managers on several hosts meet in a store that all of them must reach.
 *
 * @internal
 */
final class ClusterCheck implements Check
{
    /** Seen by one host alone, unless the folder is on a shared file system. */
    private const LOCAL_DRIVER = 'file';

    public function __construct(
        private readonly ConfigurationFactory $configurations,
        private readonly ClusterFactory $clusters,
        private readonly Config $config,
    ) {
    }

    public function name(): string
    {
        return 'Several hosts';
    }

    public function run(): CheckResult
    {
        $settings = ClusterSettings::of($this->configurations->make());

        if (! $settings->enabled) {
            return CheckResult::ok('this host works alone');
        }

        try {
            $hosts = $this->clusters->store($settings)->look($settings->host)['hosts'];
        } catch (CannotStart | StoreUnavailable $failure) {
            return CheckResult::failed($failure->getMessage());
        }

        $store = $settings->store ?? (string) $this->config->get('cache.default');

        if ($this->config->get("cache.stores.{$store}.driver") === self::LOCAL_DRIVER) {
            return CheckResult::warning(
                "The store {$store} keeps files, which other hosts do not see unless their folder is shared: use another.",
            );
        }

        return CheckResult::ok("{$settings->host} meets the others in the store {$store}; known are "
            . ($hosts === [] ? 'none yet' : implode(', ', $hosts)));
    }
}
