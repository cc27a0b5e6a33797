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
    private const SCRIPT = 'echo PHP_VERSION, " ", (int) extension_loaded("pcntl");';

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
            $output = (new Process([$workers['php_binary'], '-r', self::SCRIPT]))->mustRun()->getOutput();
        } catch (ExceptionInterface) {
            return CheckResult::failed(
                "{$workers['php_binary']} does not run; set queue-autoscale.workers.php_binary to PHP's command line binary.",
            );
        }

        [$version, $hasPcntl] = explode(' ', trim($output)) + [1 => '0'];

        return match (true) {
            ! is_file($workers['artisan_path']) => CheckResult::failed(
                "There is no {$workers['artisan_path']}; set queue-autoscale.workers.artisan_path.",
            ),
            $hasPcntl !== '1' => CheckResult::failed(
                "{$workers['php_binary']} lacks the extension pcntl, so workers cannot finish their jobs when asked to end; install it.",
            ),
            default => CheckResult::ok("{$workers['php_binary']} {$version}, {$workers['artisan_path']}"),
        };
    }
}
