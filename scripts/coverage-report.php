<?php

declare(strict_types=1);

/*
 * Counts the lines that all processes ran together. Arguments: the folder of their records, the share that is wanted in percent.
 * Exit code 1 where it is not reached.
 */

use SebastianBergmann\CodeCoverage\CodeCoverage;
use SebastianBergmann\CodeCoverage\Data\RawCodeCoverageData;
use SebastianBergmann\CodeCoverage\Driver\Selector;
use SebastianBergmann\CodeCoverage\Filter;
use SebastianBergmann\CodeCoverage\Node\File;

$composer = __DIR__ . '/../tests/app/vendor/autoload.php';
require is_file($composer) ? $composer : 'SebastianBergmann/CodeCoverage/autoload.php';

[, $folder, $minimumPercent] = $argv;
$source = dirname(__DIR__) . '/php/src';
$files = [];

foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($source, FilesystemIterator::SKIP_DOTS)) as $file) {
    $files[] = $file->getPathname();
}

$filter = new Filter();
$filter->includeFiles($files);
$coverage = new CodeCoverage((new Selector())->forLineCoverage($filter), $filter);
// It was named otherwise before version 14.
$fromLines = method_exists(RawCodeCoverageData::class, 'fromLineCoverage') ? 'fromLineCoverage' : 'fromXdebugWithoutPathCoverage';
$records = (array) glob("{$folder}/*.json");

foreach ($records as $record) {
    $lines = json_decode((string) file_get_contents($record), associative: true, flags: JSON_THROW_ON_ERROR);
    $coverage->append(RawCodeCoverageData::$fromLines($lines), basename($record));
}

$report = $coverage->getReport();
$percent = static fn(int $executed, int $executable): float => $executable === 0 ? 100.0 : 100 * $executed / $executable;

echo "\nLines not run, by file:\n";

foreach ($report as $node) {
    if ($node instanceof File && $node->numberOfExecutedLines() < $node->numberOfExecutableLines()) {
        $missed = array_keys(array_filter($node->lineCoverageData(), static fn(?array $ranBy): bool => $ranBy === []));
        printf(
            "  %-42s %5.1f %%  %s\n",
            substr($node->pathAsString(), strlen($source) + 1),
            $percent($node->numberOfExecutedLines(), $node->numberOfExecutableLines()),
            implode(' ', $missed),
        );
    }
}

$total = $percent($report->numberOfExecutedLines(), $report->numberOfExecutableLines());
printf(
    "\nThe tests run %.1f %% of the lines of php/src (%d of %d, in %d processes); at least %s %% are wanted.\n",
    $total,
    $report->numberOfExecutedLines(),
    $report->numberOfExecutableLines(),
    count($records),
    $minimumPercent,
);

exit($total < (float) $minimumPercent ? 1 : 0);
