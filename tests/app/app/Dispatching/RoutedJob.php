<?php

declare(strict_types=1);

namespace App\Dispatching;

/** Its queue and connection are named by Queue::route(). */
final class RoutedJob extends MarkJob
{
}
