<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\KnownQueues;

use Illuminate\Contracts\Cache\Repository as Cache;
use Illuminate\Contracts\Config\Repository as Config;
use QueueAutoscale\Configuration;

/** @internal */
final class KnownQueuesFactory
{
    public function __construct(
        private readonly Config $config,
        private readonly Cache $cache,
    ) {
    }

    /** @param bool $remembers false for a mere look */
    public function make(Configuration $configuration, bool $remembers): KnownQueues
    {
        return new KnownQueues(
            $configuration,
            new ConfiguredQueues($configuration, $this->config),
            new QueueMemory($this->cache),
            new Depths(),
            $remembers,
        );
    }
}
