<?php

declare(strict_types=1);

namespace App\Dispatching;

use App\Records\RecordFile;
use App\Records\RecordKind;

/** Notes that what was dispatched in one of the ways came to a worker. */
final class Marks
{
    public static function done(string $mark): void
    {
        app(RecordFile::class)->append(RecordKind::JobFinished, ['job' => $mark]);
    }
}
