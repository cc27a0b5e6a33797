<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use Error;
use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\ScalingDecision;
use QueueAutoscale\ScalingEngine;

final class ScalingDecisionTest extends TestCase
{
    #[Test]
    public function it_survives_its_array_form_json_and_serialisation(): void
    {
        $decision = self::decision();

        self::assertEquals($decision, ScalingDecision::fromArray($decision->toArray()));
        self::assertEquals($decision, unserialize(serialize($decision)));
        $json = json_decode(json_encode($decision, JSON_THROW_ON_ERROR), associative: true);
        self::assertEquals($decision, ScalingDecision::fromArray($json));
    }

    #[Test]
    public function its_json_form_has_these_keys(): void
    {
        self::assertSame([
            'connection', 'queues', 'current_workers', 'recommended_workers', 'target_workers', 'idle_floor_workers',
            'steady_state_workers', 'predictive_workers', 'backlog_drain_workers', 'pickup_time_workers', 'pending', 'oldest_job_age_seconds',
            'arrival_rate_per_second', 'arrival_rate_confidence', 'forecast_rate_per_second', 'service_time_seconds',
            'service_time_source', 'boot_seconds', 'max_pickup_time_seconds', 'predicted_pickup_time_seconds', 'sla_state',
            'constraints', 'reason',
        ], array_keys(self::decision()->jsonSerialize()));
    }

    #[Test]
    public function another_target_makes_another_decision_and_tells_who_wanted_it(): void
    {
        $decision = self::decision();
        $changed = $decision->withTargetWorkers(2, 'quiet hours');

        self::assertSame([10, 2, 2], [$decision->targetWorkers, $changed->targetWorkers, $changed->idleFloorWorkers]);
        self::assertSame(
            ['kind' => 'policy', 'from_workers' => 10, 'to_workers' => 2, 'reason' => 'quiet hours'],
            $changed->constraints()[count($decision->constraints())],
        );
        self::assertSame("2 workers: quiet hours; without that {$decision->reason}", $changed->reason);
        self::assertSame($decision->pending, $changed->pending);
    }

    #[Test]
    public function another_target_leaves_the_constraints_of_other_decisions_alone(): void
    {
        $engine = new ScalingEngine(Configuration::fromArray(['defaults' => ['min_workers' => 7], 'queues' => ['*:*' => []]]));
        $metrics = Fixture::metrics('08-several-queues-three-connections');
        $decisions = array_values($engine->evaluate($metrics, [], null, 1.0)->decisions());
        $constraints = $decisions[1]->constraints();
        self::assertNotEmpty($constraints);
        self::assertSame($decisions[0]->constraints(), $constraints, 'Both are raised alike.');

        $decisions[0]->withTargetWorkers(2, 'quiet hours');

        self::assertSame($constraints, $decisions[1]->constraints());
        self::assertSame($constraints, $decisions[0]->constraints());
    }

    #[Test]
    public function a_copy_equals_it_and_a_change_does_not(): void
    {
        $decision = self::decision();

        self::assertEquals($decision, clone $decision);
        self::assertNotEquals($decision, $decision->withTargetWorkers(3, 'less'));
    }

    #[Test]
    public function it_cannot_be_changed(): void
    {
        $this->expectException(Error::class);
        $this->expectExceptionMessage('Cannot modify readonly property');

        self::decision()->targetWorkers = 1;
    }

    #[Test]
    public function a_negative_target_is_refused(): void
    {
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage('$workers: -1 where a whole number of at least 0 was expected');

        self::decision()->withTargetWorkers(-1, 'none');
    }

    #[Test]
    public function an_array_that_is_no_decision_is_refused_with_the_key(): void
    {
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage('sla_state: null where a string was expected');

        ScalingDecision::fromArray(['sla_state' => null] + self::decision()->toArray());
    }

    private static function decision(): ScalingDecision
    {
        $engine = new ScalingEngine(Configuration::fromArray([]));

        return $engine->evaluate(Fixture::metrics('04-backlog-3-workers-70s'), [], null, 1.0)->decisions()['redis:default'];
    }
}
