<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Unit;

use PHPUnit\Framework\Attributes\RequiresPhp;
use PHPUnit\Framework\Attributes\RequiresPhpExtension;
use PHPUnit\Framework\Attributes\Test;
use PHPUnit\Framework\TestCase;

final class StubsTest extends TestCase
{
    #[Test]
    #[RequiresPhpExtension('queue_autoscale')]
    #[RequiresPhp('>= 8.4.0')] // Older ones do not tell the descriptions of properties.
    public function they_say_what_the_extension_offers(): void
    {
        $command = [PHP_BINARY, __DIR__ . '/../../../scripts/stubs.php', '--check'];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes);
        $output = stream_get_contents($pipes[1]) . stream_get_contents($pipes[2]);

        self::assertSame(0, proc_close($process), $output);
    }
}
