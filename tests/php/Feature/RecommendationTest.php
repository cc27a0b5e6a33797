<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature;

use InvalidArgumentException;
use PHPUnit\Framework\TestCase;
use QueueAutoscale\Laravel\Recommendation;

final class RecommendationTest extends TestCase
{
    public function test_fewer_workers_than_none_are_refused_where_they_are_recommended(): void
    {
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage('A recommendation needs at least 0 workers, not -1.');

        new Recommendation(-1, 'a mistake');
    }
}
