<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Closure;
use Illuminate\Console\Command;
use QueueAutoscale\Laravel\Console\Display\SimulationTable;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Requirements;
use QueueAutoscale\Laravel\Simulation\Run;
use QueueAutoscale\Laravel\Simulation\Setting;
use QueueAutoscale\Laravel\Simulation\Simulation;
use QueueAutoscale\Laravel\Simulation\Traffic;
use QueueAutoscale\Laravel\Simulation\UnknownTraffic;
use QueueAutoscale\Simulator;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Completion\CompletionInput;
use Symfony\Component\Console\Completion\CompletionSuggestions;

#[AsCommand(name: 'queue:autoscale:simulate')]
final class SimulateCommand extends Command
{
    use TellsReasons;

    private const PROGRESS_STEPS = 100;

    protected $signature = 'queue:autoscale:simulate
        {traffic? : A scenario (none: list them), the file of a recording, or a CSV file of arrivals}
        {--set=* : A run of its own with other settings: "max_workers=20,min_workers=1", "limits.max_total_workers=8"}
        {--strategy=* : A run of its own with this strategy: one of those built in (unknown: list them), or a class of yours}
        {--turn= : Seconds between two decisions; else as recorded, else manager.interval_seconds}
        {--boot= : Seconds that a worker takes to boot; else as recorded, else prediction.default_boot_seconds}
        {--seed=1 : Draws whatever is left to chance; the same seed gives the same jobs}
        {--report= : Write a page with charts to this file}
        {--json : Print the figures as JSON}';

    protected $description = 'Show what the configuration would have done on some traffic';

    protected $help = <<<'HELP'
        The real engine scales simulated workers; nothing is started and nothing is read but the file. -v shows each queue.

          <info>php artisan queue:autoscale:simulate step</info>
          <info>php artisan queue:autoscale:simulate step --set max_workers=20 --set max_workers=30</info>
          <info>php artisan queue:autoscale --record=storage/traffic.jsonl</info>   and then
          <info>php artisan queue:autoscale:simulate storage/traffic.jsonl --report=report.html</info>
          <info>php artisan queue:autoscale:simulate arrivals.csv --strategy=queue-autoscale --strategy=horizon-time</info>

        A CSV file begins with the names of its columns: arrived_at_seconds and, if you have them, duration_seconds, queue and
        connection.

        Exit codes: 0 simulated, or the scenarios listed as asked for; 1 the traffic, a setting, a strategy or a file cannot be used.
        HELP;

    public function handle(Simulation $simulation): int
    {
        try {
            Requirements::checkExtension();

            if ($this->argument('traffic') === null) {
                return $this->listScenarios();
            }

            $traffic = Traffic::named((string) $this->argument('traffic'));
            $runs = $this->runs();
            $seed = $this->wholeNumber('seed');
            $this->checkReport();
            $warn = fn(string $message) => $this->components->warn($message);
            $simulator = $simulation->run($traffic, $runs, $seed, $this->progress(count($runs)), $warn);
        } catch (UnknownTraffic $unknown) {
            $this->components->error($unknown->getMessage());

            if ($unknown->maybeScenario) {
                $this->listScenarios();
            }

            return self::FAILURE;
        } catch (CannotStart $cannotStart) {
            return $this->refuse($cannotStart);
        }

        return $this->show($simulator);
    }

    public function complete(CompletionInput $input, CompletionSuggestions $suggestions): void
    {
        if ($input->mustSuggestArgumentValuesFor('traffic')) {
            $suggestions->suggestValues(array_column(Simulator::scenarios(), 'name'));
        }

        if ($input->mustSuggestOptionValuesFor('strategy')) {
            $suggestions->suggestValues(Simulator::strategies());
        }
    }

    private function show(Simulator $simulator): int
    {
        if ($this->option('json')) {
            $this->line(json_encode(
                ['traffic' => $simulator->traffic(), 'runs' => $simulator->results()],
                JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR,
            ));
        } else {
            SimulationTable::show($simulator, $this->output);
        }

        if ($this->option('report') !== null) {
            file_put_contents($this->option('report'), $simulator->report());
        }

        return self::SUCCESS;
    }

    private function listScenarios(): int
    {
        $this->line('Scenarios:');

        foreach (Simulator::scenarios() as $scenario) {
            $this->line("  {$scenario['name']}" . ($scenario['possible'] ? '' : '   (nobody can keep its promise without seeing the future)'));
        }

        return self::SUCCESS;
    }

    /** @return list<Run> the configuration as it is first */
    private function runs(): array
    {
        $settings = [Setting::none(), ...array_map(Setting::parse(...), array_values((array) $this->option('set')))];
        $strategies = array_values((array) $this->option('strategy')) ?: [null];
        $turnSeconds = $this->seconds('turn');
        $bootSeconds = $this->seconds('boot');
        $runs = [];

        foreach ($strategies as $strategy) {
            foreach ($settings as $setting) {
                $runs[] = Run::of($setting, $strategy, $turnSeconds, $bootSeconds);
            }
        }

        return $runs;
    }

    private function seconds(string $option): ?float
    {
        $typed = $this->option($option);

        if ($typed !== null && (! is_numeric($typed) || $typed <= 0)) {
            throw CannotStart::because("--{$option}: \"{$typed}\" is no number of seconds above 0; write for example --{$option}=2.");
        }

        return $typed === null ? null : (float) $typed;
    }

    private function wholeNumber(string $option): int
    {
        $typed = (string) $this->option($option);

        return ctype_digit($typed) ? (int) $typed : throw CannotStart::because(
            "--{$option}: \"{$typed}\" is no whole number; write for example --{$option}=7.",
        );
    }

    /** Before the runs have taken their time. */
    private function checkReport(): void
    {
        $path = $this->option('report');

        if ($path !== null && (is_dir($path) || ! is_writable(file_exists($path) ? $path : dirname($path)))) {
            throw CannotStart::because("--report: {$path} cannot be written; name a file in a folder that this user may write to.");
        }
    }

    /** @return Closure(Run, float): void */
    private function progress(int $runs): Closure
    {
        if ($this->option('json') || ! $this->output->isDecorated()) {
            return static function (): void {
            };
        }

        $bar = $this->output->createProgressBar(self::PROGRESS_STEPS * $runs);
        $bar->setFormat(' %bar% %percent:3s% %%  %message%');
        $done = 0;

        return static function (Run $run, float $share) use ($bar, $runs, &$done): void {
            $bar->setMessage($run->name());
            $bar->setProgress((int) (self::PROGRESS_STEPS * ($done + $share)));
            $done += $share >= 1.0 ? 1 : 0;

            if ($done === $runs) {
                $bar->clear();
            }
        };
    }
}
