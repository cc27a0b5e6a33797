<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Console;

use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Console\Display\JsonLines;
use QueueAutoscale\Tests\Support\Decisions;
use Symfony\Component\Console\Output\BufferedOutput;

final class JsonLinesTest extends TestCase
{
    public function test_each_change_is_one_object_with_the_whole_decision(): void
    {
        $output = new BufferedOutput();
        $lines = new JsonLines($output);

        $lines->started();
        $lines->turnEnded(Decisions::turn([Decisions::of(['target_workers' => 4]), Decisions::of(['queues' => 'quiet'])]));
        $lines->stopped('a signal');

        $objects = array_map(
            static fn(string $line): array => json_decode($line, associative: true, flags: JSON_THROW_ON_ERROR),
            explode("\n", trim($output->fetch())),
        );
        self::assertSame(['started', 'scale', 'stopped'], array_column($objects, 'event'));
        self::assertSame('emails', $objects[1]['decision']['queues']);
        self::assertSame(4, $objects[1]['decision']['target_workers']);
        self::assertSame('a signal', $objects[2]['reason']);
    }
}
