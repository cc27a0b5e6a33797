<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;

/** What bin/queue-autoscale-build says before it builds anything. */
final class BuildCommandTest extends TestCase
{
    #[Test]
    public function a_machine_without_the_tools_is_told_what_is_missing_and_how_to_get_it(): void
    {
        [$exitCode, $output] = self::onBareMachine();

        self::assertSame(1, $exitCode);
        self::assertMatchesRegularExpression('/no cargo: install Rust \d+\.\d+ or newer with rustup/', $output);
        self::assertStringContainsString('no C compiler, with which Rust links: ', $output);
    }

    #[Test]
    public function the_library_needs_nothing_of_php(): void
    {
        [, $output] = self::onBareMachine('--library', '--check');

        self::assertStringContainsString('no cargo', $output);
        self::assertStringNotContainsString('libclang', $output);
        self::assertStringNotContainsString('headers', $output);
    }

    #[Test]
    public function an_unknown_option_is_named(): void
    {
        [$exitCode, $output] = self::onBareMachine('--librar');

        self::assertSame(1, $exitCode);
        self::assertStringContainsString('unknown option --librar', $output);
        self::assertStringContainsString('--library', $output);
    }

    #[Test]
    public function help_is_there(): void
    {
        [$exitCode, $output] = self::onBareMachine('--help');

        self::assertSame(0, $exitCode);
        self::assertStringContainsString('Usage: vendor/bin/queue-autoscale-build', $output);
    }

    /** @return array{int, string} exit code and output on a machine where no program is found */
    private static function onBareMachine(string ...$options): array
    {
        $process = proc_open(
            [PHP_BINARY, __DIR__ . '/../../../bin/queue-autoscale-build', ...$options],
            [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
            $pipes,
            env_vars: ['PATH' => '/nowhere', 'HOME' => '/nowhere'] + getenv(),
        );
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);

        return [proc_close($process), $output];
    }
}
