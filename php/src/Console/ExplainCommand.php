<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Console;

use Illuminate\Console\Command;
use QueueAutoscale\Laravel\Config\QueueConnections;
use QueueAutoscale\Laravel\Console\Display\Explanation;
use QueueAutoscale\Laravel\Console\Display\Format;
use QueueAutoscale\Laravel\Exceptions\CannotStart;
use QueueAutoscale\Laravel\Exceptions\MetricsUnavailable;
use QueueAutoscale\Laravel\KnownQueues\ConfiguredQueues;
use QueueAutoscale\Laravel\Printable;
use QueueAutoscale\Laravel\Status\CurrentDecisions;
use QueueAutoscale\ScalingDecision;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Completion\CompletionInput;
use Symfony\Component\Console\Completion\CompletionSuggestions;

#[AsCommand(name: 'queue:autoscale:explain')]
final class ExplainCommand extends Command
{
    use TellsReasons;

    protected $signature = 'queue:autoscale:explain
        {queue : "emails", "redis:emails", or a group as "redis:high,default,low"}';

    protected $description = 'Show how the number of workers of a queue comes about';

    protected $help = 'Works without a running manager, too. Exit codes: 0 explained, 1 the queue is not known or nothing can be read.';

    public function handle(CurrentDecisions $current): int
    {
        try {
            $decisions = $current->read();
        } catch (CannotStart $cannotStart) {
            return $this->refuse($cannotStart);
        } catch (MetricsUnavailable $unavailable) {
            $this->components->error(Printable::untagged($unavailable->getMessage()));

            return self::FAILURE;
        }

        $queue = (string) $this->argument('queue');
        $decision = $decisions[$queue] ?? $this->ofDefaultConnection($queue, $decisions) ?? $this->ofGroup($queue, $decisions);

        if ($decision === null) {
            $this->components->error(Printable::untagged("Unknown queue \"{$queue}\". " . ($decisions === []
                ? 'No queue is known yet: one shows up with its first job.'
                : 'Known queues: ' . implode(', ', array_keys($decisions)) . '.')));

            return self::FAILURE;
        }

        foreach ($current->problems() as $problem) {
            $this->components->warn(Printable::untagged($problem));
        }

        foreach (Explanation::of($decision) as $line) {
            $this->line($line);
        }

        $reading = $current->reading();

        if ($reading !== null) {
            $this->line('The metrics were ' . Format::reading($reading) . '.');
            $asked = array_intersect($reading['asked_for'], ConfiguredQueues::keysOf($decision->connection, $decision->queues));

            if ($asked !== []) {
                $names = Printable::untagged(implode(', ', $asked));
                $this->line("QueueMetrics has no row of {$names}: what waits there was asked for by name.");
            }
        }

        $this->line($current->isFromManager()
            ? 'As the running manager decided in its last turn.'
            : 'From one look at the metrics: no manager runs here, so rates and times are first guesses.');

        return self::SUCCESS;
    }

    public function complete(CompletionInput $input, CompletionSuggestions $suggestions): void
    {
        if ($input->mustSuggestArgumentValuesFor('queue')) {
            $suggestions->suggestValues($this->laravel->make(QueueNames::class)->all());
        }
    }

    /** @param array<string, ScalingDecision> $decisions */
    private function ofDefaultConnection(string $queue, array $decisions): ?ScalingDecision
    {
        $connection = $this->laravel->make(QueueConnections::class)->default();

        return $decisions["{$connection}:{$queue}"] ?? null;
    }

    /** @param array<string, ScalingDecision> $decisions */
    private function ofGroup(string $queue, array $decisions): ?ScalingDecision
    {
        foreach ($decisions as $decision) {
            if (in_array($queue, explode(',', $decision->queues), strict: true)) {
                return $decision;
            }
        }

        return null;
    }
}
