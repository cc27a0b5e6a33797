<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Checks;

use QueueAutoscale\Laravel\Config\ConfigurationFactory;
use Symfony\Component\Process\Exception\ExceptionInterface;
use Symfony\Component\Process\Process;

/**
 * Workers are `php artisan queue:work`: both must be there, and that PHP must know pcntl, without which a worker can
 * neither finish its job when asked to end nor stop a job that runs too long.
 *
 * @internal
 */
final class WorkerCommandCheck implements Check
{
    /** What a worker calls of pcntl; php.ini may have switched off each of them. */
    private const FUNCTIONS = ['pcntl_async_signals', 'pcntl_signal', 'pcntl_alarm', 'posix_kill', 'posix_getppid'];

    /** On a line of its own, as PHP may print warnings before. */
    private const SCRIPT = 'echo "\n", json_encode(["version" => PHP_VERSION, "pcntl" => extension_loaded("pcntl"),'
        . ' "missing" => array_values(array_filter(%s, fn($name) => ! function_exists($name)))]), "\n";';

    public function __construct(private readonly ConfigurationFactory $configurations)
    {
    }

    public function name(): string
    {
        return 'Worker command';
    }

    public function run(): CheckResult
    {
        $workers = $this->configurations->workers();

        try {
            $script = sprintf(self::SCRIPT, var_export(self::FUNCTIONS, return: true));
            $output = (new Process([$workers['php_binary'], '-r', $script]))->mustRun()->getOutput();
        } catch (ExceptionInterface) {
            return CheckResult::failed(
                "{$workers['php_binary']} does not run; set queue-autoscale.workers.php_binary to PHP's command line binary.",
            );
        }

        $lines = explode("\n", trim($output));
        $found = (array) json_decode(end($lines), associative: true) + ['version' => '', 'pcntl' => false, 'missing' => []];

        return match (true) {
            ! is_file($workers['artisan_path']) => CheckResult::failed(
                "There is no {$workers['artisan_path']}; set queue-autoscale.workers.artisan_path.",
            ),
            ! $found['pcntl'] => CheckResult::failed(
                "{$workers['php_binary']} lacks the extension pcntl, so workers cannot finish their jobs when asked to end; install it.",
            ),
            $found['missing'] !== [] => CheckResult::failed(sprintf(
                '%s has no %s, without which workers cannot end in order: take it out of disable_functions in php.ini.',
                $workers['php_binary'],
                implode(', ', $found['missing']),
            )),
            default => CheckResult::ok("{$workers['php_binary']} {$found['version']}, {$workers['artisan_path']}"),
        };
    }
}
