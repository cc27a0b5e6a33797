<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support;

/** The code samples of README.md and docs/. */
final class DocumentationSamples
{
    private const PROJECT = __DIR__ . '/../../..';

    /** A sample may be indented, as part of a list. */
    private const FENCED = '/^ *```(\w+)\n(.*?)^ *```$/ms';

    /** @return array<string, array{string}> the samples in a language, by "file:number" */
    public static function in(string $language): array
    {
        $samples = [];

        foreach ([self::PROJECT . '/README.md', ...(array) glob(self::PROJECT . '/docs/*.md')] as $file) {
            preg_match_all(self::FENCED, (string) file_get_contents($file), $matches, PREG_SET_ORDER);

            foreach ($matches as $number => [, $sampleLanguage, $code]) {
                if ($sampleLanguage === $language) {
                    $samples[basename($file) . ':' . ($number + 1)] = [$code];
                }
            }
        }

        return $samples;
    }

    public static function isConfiguration(string $code): bool
    {
        return preg_match('/^return \[/m', $code) === 1;
    }

    /**
     * Each statement that a comment gives the value of.
     *
     * @return list<array{string, float}> the code up to and including the statement's value, and the value
     */
    public static function valuesGiven(string $code): array
    {
        preg_match_all('/^(.*?); \/\/ (-?\d+(?:\.\d+)?)$/ms', $code, $matches, PREG_SET_ORDER);
        $before = '';
        $values = [];

        foreach ($matches as [, $statements, $value]) {
            $values[] = [$before . (string) preg_replace('/^(?=\s*\$\w+->(?![^;]*;))/m', 'return ', $statements) . ';', (float) $value];
            $before .= "{$statements};\n";
        }

        return $values;
    }

    /** The full name of the class that a sample declares. */
    public static function className(string $code): ?string
    {
        preg_match('/^namespace ([\w\\\\]+);/m', $code, $namespace);
        preg_match('/^(?:final )?class (\w+)/m', $code, $class);

        return isset($class[1]) ? ($namespace[1] ?? '') . '\\' . $class[1] : null;
    }
}
