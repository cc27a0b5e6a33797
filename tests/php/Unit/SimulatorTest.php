<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\Attributes\TestWith;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Configuration;
use QueueAutoscale\Exception\EngineException;
use QueueAutoscale\Exception\InvalidArgument;
use QueueAutoscale\QueueForecast;
use QueueAutoscale\Simulator;

final class SimulatorTest extends TestCase
{
    private const JOBS = 600;

    private string $file;

    protected function setUp(): void
    {
        $this->file = (string) tempnam(sys_get_temp_dir(), 'queue-autoscale-');
        $lines = array_map(static fn(int $job): string => $job / 2 . ',1.5,emails', range(1, self::JOBS));
        file_put_contents($this->file, "arrived_at_seconds,duration_seconds,queue\n" . implode("\n", $lines) . "\n");
    }

    protected function tearDown(): void
    {
        unlink($this->file);
    }

    #[Test]
    public function the_traffic_is_what_the_file_says(): void
    {
        $traffic = $this->simulator()->traffic();

        self::assertSame('arrivals', $traffic['name']);
        self::assertSame(self::JOBS, $traffic['jobs']);
        self::assertSame(
            ['connection' => 'redis', 'queues' => 'emails', 'jobs' => self::JOBS, 'mean_service_seconds' => 1.5, 'real' => null],
            $traffic['pools'][0],
        );
    }

    #[Test]
    public function runs_stand_side_by_side_in_the_results(): void
    {
        $simulator = $this->simulator();
        $this->complete($simulator, self::configuration(), 'plenty');
        $this->complete($simulator, self::configuration(['max_workers' => 2]), 'scarce');

        [$plenty, $scarce] = $simulator->results();
        self::assertSame('plenty', $plenty['name']);
        self::assertGreaterThan(99.0, $plenty['within_sla_percent']);
        self::assertGreaterThanOrEqual(1.0, $plenty['cost_ratio']);
        self::assertSame('scarce', $scarce['name']);
        self::assertLessThan(50.0, $scarce['within_sla_percent']);
        self::assertSame(2, $scarce['pools'][0]['peak_workers']);
    }

    #[Test]
    public function the_same_question_gets_the_same_answer(): void
    {
        // Without durations each job draws one.
        file_put_contents($this->file, "arrived_at_seconds\n" . implode("\n", range(1, self::JOBS)) . "\n");
        $results = array_map(function (int $seed): array {
            $simulator = Simulator::ofArrivals($this->file, self::configuration(), $seed);
            $this->complete($simulator, self::configuration(), 'run');

            return $simulator->results();
        }, [5, 5, 6]);

        self::assertSame($results[0], $results[1]);
        self::assertNotSame($results[0], $results[2]);
    }

    #[Test]
    public function a_strategy_in_php_decides_turn_by_turn(): void
    {
        $simulator = $this->simulator();
        $simulator->start(self::configuration());
        $progress = [];

        while ($simulator->observe()) {
            $forecasts = $simulator->forecasts();
            self::assertContainsOnlyInstancesOf(QueueForecast::class, $forecasts);
            $evaluation = $simulator->decide(['redis:emails' => ['workers' => 5, 'reason' => 'always 5']]);
            $progress[] = $simulator->progress();
        }

        self::assertSame(5, $evaluation->decisions()['redis:emails']->recommendedWorkers);
        self::assertSame(5, $simulator->results()[0]['pools'][0]['peak_workers']);
        self::assertSame(1.0, $simulator->progress());
        $inOrder = $progress;
        sort($inOrder);
        self::assertSame($inOrder, $progress);
    }

    #[Test]
    public function every_strategy_to_compare_with_can_be_run(): void
    {
        $simulator = $this->simulator();

        foreach (Simulator::strategies() as $strategy) {
            $this->complete($simulator, self::configuration(), null, $strategy);
        }

        self::assertSame(Simulator::strategies(), array_column($simulator->results(), 'strategy'));
    }

    #[Test]
    public function the_report_is_one_page_with_all_runs(): void
    {
        $simulator = $this->simulator();
        $this->complete($simulator, self::configuration(), 'one of them');
        $this->complete($simulator, self::configuration(), 'another');

        $page = $simulator->report();

        self::assertStringStartsWith('<!doctype html>', strtolower($page));
        self::assertStringContainsString('one of them', $page);
        self::assertStringContainsString('another', $page);
        self::assertStringContainsString('<svg', $page);
    }

    #[Test]
    public function scenarios_bring_the_settings_that_make_them_what_they_are(): void
    {
        foreach (Simulator::scenarios() as $scenario) {
            $configuration = Configuration::fromArray(['connection' => 'database', ...$scenario['configuration']]);
            $simulator = Simulator::ofScenario($scenario['name'], $configuration);
            $simulator->start($configuration);

            self::assertGreaterThan(0.0, $simulator->advance(2), $scenario['name']);
        }
    }

    #[Test]
    #[TestWith(['stedy', 'no scenario has the name "stedy"; did you mean "steady"?'])]
    #[TestWith(['colour', 'no scenario has the name "colour"; known here: steady, ramp'])]
    public function an_unknown_scenario_is_refused_with_the_nearest_name(string $name, string $message): void
    {
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage($message);

        Simulator::ofScenario($name, self::configuration());
    }

    #[Test]
    public function a_line_that_makes_no_sense_is_named(): void
    {
        file_put_contents($this->file, "0.5,-3,emails\n", FILE_APPEND);

        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage("the traffic in {$this->file}: line 602: duration_seconds: -3");

        $this->simulator();
    }

    #[Test]
    public function a_file_that_is_not_there_is_named(): void
    {
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage('the traffic in /no/such/file: No such file');

        Simulator::ofRecording('/no/such/file', self::configuration());
    }

    #[Test]
    public function a_time_must_be_one(): void
    {
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage('$turnSeconds: 0 where a number of seconds above 0 was expected');

        $this->simulator()->start(self::configuration(), turnSeconds: 0.0);
    }

    #[Test]
    public function numbers_below_zero_are_refused(): void
    {
        $simulator = $this->simulator();
        $simulator->start(self::configuration());

        foreach ([
            '$turns: -1 where' => static fn(): float => $simulator->advance(-1),
            '$seed: -1 where' => fn(): Simulator => Simulator::ofArrivals($this->file, self::configuration(), seed: -1),
        ] as $message => $call) {
            try {
                $call();
                self::fail("{$message} was not refused.");
            } catch (InvalidArgument $invalid) {
                self::assertStringContainsString($message, $invalid->getMessage());
            }
        }
    }

    #[Test]
    public function calls_out_of_turn_are_refused(): void
    {
        $simulator = $this->simulator();

        foreach ([
            'no run is under way' => static fn(): float => $simulator->advance(1),
            'no run is over yet' => static fn(): string => $simulator->report(),
        ] as $message => $call) {
            try {
                $call();
                self::fail("{$message} was not told.");
            } catch (EngineException $refused) {
                self::assertStringContainsString($message, $refused->getMessage());
            }
        }
    }

    private function simulator(): Simulator
    {
        return Simulator::ofArrivals($this->file, self::configuration());
    }

    private function complete(Simulator $simulator, Configuration $configuration, ?string $name, ?string $strategy = null): void
    {
        $simulator->start($configuration, $name, $strategy);

        while ($simulator->advance(50) < 1.0) {
            self::assertLessThan(1.0, $simulator->progress());
        }
    }

    /** @param array<string, mixed> $defaults */
    private static function configuration(array $defaults = []): Configuration
    {
        return Configuration::fromArray(['connection' => 'redis', 'defaults' => $defaults]);
    }
}
