<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Kubernetes;

/**
 * How long one pool's pods take from being asked for to being ready, as far as looking once a turn can tell.
 *
 * @internal
 */
final class BootTime
{
    /** Share that each new measurement gets, as for the processes of a host. */
    private const GAIN = 0.2;

    private ?float $meanSeconds = null;

    private int $lastReady = 0;

    /** @var list<float> when those that are not ready yet were asked for, oldest first */
    private array $askedAt = [];

    public function asked(int $pods, float $nowSeconds): void
    {
        array_push($this->askedAt, ...array_fill(0, max(0, $pods), $nowSeconds));
    }

    public function saw(Deployment $deployment, float $nowSeconds): void
    {
        foreach (array_splice($this->askedAt, 0, max(0, $deployment->readyReplicas - $this->lastReady)) as $askedAt) {
            $this->learn($nowSeconds - $askedAt);
        }

        $this->lastReady = $deployment->readyReplicas;
        // Those that are no longer asked for will not come.
        array_splice($this->askedAt, max(0, $deployment->replicas - $deployment->readyReplicas));
    }

    public function meanSeconds(): ?float
    {
        return $this->meanSeconds;
    }

    private function learn(float $seconds): void
    {
        $this->meanSeconds = $this->meanSeconds === null
            ? $seconds
            : $this->meanSeconds + self::GAIN * ($seconds - $this->meanSeconds);
    }
}
