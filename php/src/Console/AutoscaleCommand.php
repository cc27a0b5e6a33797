<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Illuminate\Console\Command;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Manager\ManagerLauncher;
use QueueAutoscale\Laravel\Manager\ManagerOptions;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Completion\CompletionInput;
use Symfony\Component\Console\Completion\CompletionSuggestions;

#[AsCommand(name: 'queue:autoscale')]
final class AutoscaleCommand extends Command
{
    use TellsReasons;

    /** With an example of each. Symfony takes these without a value for options that were not given. */
    private const OPTIONS_WITH_VALUE = ['interval' => '2', 'only' => 'emails', 'record' => 'storage/traffic.jsonl'];

    protected $signature = 'queue:autoscale
        {--interval= : Seconds between two decisions, in place of manager.interval_seconds}
        {--once : Take one turn and end, with the workers that it started}
        {--dry-run : Decide and show, but start and stop nothing}
        {--only=* : Only these queues, for example "emails", "redis:emails" or "tenant-*"}
        {--replace : Take over from a manager that runs already on this host}
        {--record= : Append what is seen and decided to this file, for queue:autoscale:simulate}
        {--json : Print one JSON object a change}';

    protected $description = 'Start and stop queue workers so that every job is picked up in time';

    protected $help = <<<'HELP'
        Runs until a signal or queue:autoscale:restart ends it, and lets the workers finish their jobs before. On a terminal it shows
        a table, elsewhere one line a change.

          SIGTERM, SIGINT, SIGQUIT  end; a second SIGINT kills the workers at once
          SIGUSR2, SIGCONT          scale no more; go on

        Exit codes: 0 ended in order (a signal, a restart, one cycle), 1 could not start.
        HELP;

    public function handle(ManagerLauncher $launcher, DisplayFactory $displays): int
    {
        foreach (self::OPTIONS_WITH_VALUE as $name => $example) {
            if (in_array(null, (array) ($this->option($name) ?? [null]), strict: true) && $this->input->hasParameterOption("--{$name}", true)) {
                $this->components->error("--{$name} needs a value, for example --{$name}={$example}.");

                return self::FAILURE;
            }
        }

        $options = new ManagerOptions(
            once: (bool) $this->option('once'),
            dryRun: (bool) $this->option('dry-run'),
            intervalSeconds: $this->option('interval'),
            replace: (bool) $this->option('replace'),
            only: array_values((array) $this->option('only')),
            record: $this->option('record'),
            tellOutput: $this->output->isVeryVerbose(),
        );

        try {
            $launcher->run($options, $displays->for($this->input, $this->output, json: (bool) $this->option('json')));
        } catch (CannotStart $cannotStart) {
            return $this->refuse($cannotStart);
        }

        return self::SUCCESS;
    }

    public function complete(CompletionInput $input, CompletionSuggestions $suggestions): void
    {
        if ($input->mustSuggestOptionValuesFor('only')) {
            $suggestions->suggestValues($this->laravel->make(QueueNames::class)->all());
        }
    }
}
