<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use App\Strategies\FixedNumber;
use App\Strategies\ThrowingStrategy;
use PHPUnit\Framework\Attributes\TestWith;
use QueueAutoscale\Tests\Feature\FeatureTestCase;
use Symfony\Component\Console\Tester\CommandCompletionTester;

final class SimulateCommandTest extends FeatureTestCase
{
    /** What the strategy of that name recommends. */
    private const FIXED_NUMBER = 7;

    private string $arrivals;

    protected function setUp(): void
    {
        parent::setUp();
        $this->arrivals = "{$this->folder->path}/arrivals.csv";
        $lines = array_map(static fn(int $job): string => $job / 2 . ",1.5,letters\n", range(1, 600));
        file_put_contents($this->arrivals, "arrived_at_seconds,duration_seconds,queue\n" . implode('', $lines));
    }

    public function test_without_traffic_it_lists_the_scenarios(): void
    {
        [$exitCode, $output] = $this->simulate();

        self::assertSame(0, $exitCode);
        self::assertStringContainsString('short-sla', $output);
    }

    public function test_an_unknown_scenario_is_met_with_the_nearest_name_and_all_others(): void
    {
        [$exitCode, $output] = $this->simulate(['traffic' => 'shrot-sla']);

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('did you mean "short-sla"?', $output);
        self::assertStringContainsString('heavy-tails', $output);
    }

    public function test_a_file_that_is_not_there_is_named(): void
    {
        [$exitCode, $output] = $this->simulate(['traffic' => 'storage/traffic.jsonl']);

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('There is no file storage/traffic.jsonl.', $output);
    }

    public function test_a_list_of_arrivals_becomes_a_line_of_figures(): void
    {
        [$exitCode, $output] = $this->simulate(['traffic' => $this->arrivals]);

        self::assertSame(0, $exitCode);
        self::assertStringContainsString('arrivals: 600 jobs in 5 min', str_replace(["\u{202f}", "\u{a0}"], ' ', $output));
        self::assertMatchesRegularExpression('/as configured +100\.00 % .* 1\.\d\dx +\d+ %/', $output);
    }

    public function test_settings_stand_side_by_side(): void
    {
        $runs = $this->runs(['--set' => ['max_workers=2', 'max_workers=3,prediction.default_boot_seconds=4', 'manager.interval_seconds=1']]);

        self::assertSame(
            ['as configured', 'max_workers=2', 'max_workers=3,prediction.default_boot_seconds=4', 'manager.interval_seconds=1'],
            array_column($runs, 'name'),
        );
        self::assertSame([2, 3], array_map(static fn(array $run): int => $run['pools'][0]['peak_workers'], array_slice($runs, 1, 2)));
        self::assertEquals(4.0, $runs[2]['boot_seconds']);
        self::assertEquals(1.0, $runs[3]['turn_seconds']);
    }

    public function test_a_setting_holds_for_queues_that_have_their_own(): void
    {
        $this->configure(['queues.letters' => ['max_workers' => 9]]);

        self::assertSame(2, $this->runs(['--set' => ['max_workers=2']])[1]['pools'][0]['peak_workers']);
    }

    public function test_strategies_stand_side_by_side_those_in_php_included(): void
    {
        $runs = $this->runs(['--strategy' => ['queue-autoscale', 'horizon-time', FixedNumber::class]]);

        self::assertSame(['queue-autoscale', 'horizon-time', 'FixedNumber'], array_column($runs, 'name'));
        self::assertSame(self::FIXED_NUMBER, $runs[2]['pools'][0]['peak_workers']);
    }

    public function test_a_strategy_that_a_queue_names_decides_there_as_well(): void
    {
        $this->configure(['queues.letters' => ['strategy' => FixedNumber::class]]);

        self::assertSame(self::FIXED_NUMBER, $this->runs([])[0]['pools'][0]['peak_workers']);
    }

    public function test_a_strategy_that_throws_is_told_once_and_the_built_in_one_decides(): void
    {
        [$exitCode, $output] = $this->simulate(['traffic' => $this->arrivals, '--strategy' => [ThrowingStrategy::class]]);

        self::assertSame(0, $exitCode);
        $unwrapped = (string) preg_replace('/\s+/', ' ', $output);
        self::assertSame(1, substr_count($unwrapped, 'The strategy of database:letters failed, so the built-in one decides'));
        self::assertMatchesRegularExpression('/ThrowingStrategy +100\.00 %/', $output);
    }

    public function test_a_scenario_is_run_with_the_settings_that_make_it_what_it_is(): void
    {
        $run = $this->runs(['traffic' => 'short-sla', '--boot' => '0.5', '--turn' => '1'])[0];

        self::assertEquals(5.0, $run['pools'][0]['max_pickup_time_seconds']);
        self::assertSame('database', $run['pools'][0]['connection']);
        self::assertEquals([1.0, 0.5], [$run['turn_seconds'], $run['boot_seconds']]);
    }

    public function test_the_report_is_a_page(): void
    {
        $page = "{$this->folder->path}/report.html";

        [$exitCode] = $this->simulate(['traffic' => $this->arrivals, '--report' => $page]);

        self::assertSame(0, $exitCode);
        self::assertStringContainsString('as configured', (string) file_get_contents($page));
    }

    #[TestWith(['--set', ['max_wokers=3'], 'queue-autoscale.defaults.max_wokers: unknown key; did you mean "max_workers"?'])]
    #[TestWith(['--set', ['max_workers'], '--set: "max_workers" is no KEY=VALUE'])]
    #[TestWith(['--set', ['excluded.0=letters'], 'take its queue out of "excluded"'])]
    #[TestWith(['--strategy', ['horizon'], '--strategy: horizon is neither a strategy (queue-autoscale, fixed,'])]
    #[TestWith(['--turn', 'soon', '--turn: "soon" is no number of seconds above 0'])]
    #[TestWith(['--boot', '0', '--boot: "0" is no number of seconds above 0'])]
    #[TestWith(['--seed', '-1', '--seed: "-1" is no whole number'])]
    #[TestWith(['--report', '/no/such/folder/report.html', '--report: /no/such/folder/report.html cannot be written'])]
    public function test_what_cannot_be_used_is_named(string $option, mixed $value, string $message): void
    {
        [$exitCode, $output] = $this->simulate(['traffic' => $this->arrivals, $option => $value]);

        self::assertSame(1, $exitCode);
        self::assertStringContainsString($message, (string) preg_replace('/\s+/', ' ', $output));
    }

    public function test_a_line_that_makes_no_sense_is_named(): void
    {
        file_put_contents($this->arrivals, "soon,1,letters\n", FILE_APPEND);

        [$exitCode, $output] = $this->simulate(['traffic' => $this->arrivals]);

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('line 602', $output);
    }

    public function test_a_shell_may_complete_scenarios_and_strategies(): void
    {
        $command = $this->app->make(\Illuminate\Contracts\Console\Kernel::class)->all()['queue:autoscale:simulate'];

        self::assertContains('heavy-tails', (new CommandCompletionTester($command))->complete(['']));
        self::assertContains('horizon-time', (new CommandCompletionTester($command))->complete(['--strategy', '']));
    }

    /**
     * @param array<string, mixed> $parameters
     * @return array{int, string}
     */
    private function simulate(array $parameters = []): array
    {
        return $this->artisan('queue:autoscale:simulate', $parameters);
    }

    /**
     * @param array<string, mixed> $parameters
     * @return list<array<string, mixed>>
     */
    private function runs(array $parameters): array
    {
        [$exitCode, $output] = $this->simulate(['traffic' => $this->arrivals, '--json' => true, ...$parameters]);
        self::assertSame(0, $exitCode, $output);

        return json_decode($output, associative: true, flags: JSON_THROW_ON_ERROR)['runs'];
    }
}
