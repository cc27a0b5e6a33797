<?php

declare(strict_types=1);

/*
 * Checks the given PHP files for the house's rules that a parser can see: PER-CS basics, strict types, one class a file under its
 * own name, imports used and in order. Prints each fault as file:line and exits 1 where there is any.
 */

const MAX_LINE_LENGTH = 150;
// Written by a tool from the extension itself.
const GENERATED = ['php/stubs/'];

/** @return list<array{int, string}> line and fault */
function faults(string $path): array
{
    $source = (string) file_get_contents($path);
    $tokens = array_values(array_filter(
        PhpToken::tokenize($source),
        static fn (PhpToken $token): bool => ! $token->is([T_WHITESPACE, T_COMMENT, T_DOC_COMMENT, T_OPEN_TAG]),
    ));

    return [...lineFaults($source), ...strictTypesFaults($tokens), ...importFaults($source, $tokens), ...classFaults($path, $tokens)];
}

/** @return list<array{int, string}> */
function lineFaults(string $source): array
{
    $faults = [];
    foreach (explode("\n", $source) as $index => $line) {
        if (rtrim($line) !== $line) {
            $faults[] = [$index + 1, 'white space at the end of the line'];
        }
        if (str_contains($line, "\t")) {
            $faults[] = [$index + 1, 'a tab; four spaces indent'];
        }
        if (mb_strlen($line) > MAX_LINE_LENGTH) {
            $faults[] = [$index + 1, 'longer than '.MAX_LINE_LENGTH.' characters'];
        }
    }
    if (! str_ends_with($source, "\n") || str_ends_with($source, "\n\n")) {
        $faults[] = [substr_count($source, "\n") + 1, 'the file must end with one line break'];
    }
    if (preg_match('/\?>\s*\z/', $source) === 1) {
        $faults[] = [substr_count($source, "\n") + 1, 'no closing ?> in a file of PHP alone'];
    }

    return $faults;
}

/**
 * @param list<PhpToken> $tokens
 * @return list<array{int, string}>
 */
function strictTypesFaults(array $tokens): array
{
    // Nothing but a program's #! line may come before.
    if ($tokens !== [] && $tokens[0]->is(T_INLINE_HTML) && str_starts_with($tokens[0]->text, '#!')) {
        array_shift($tokens);
    }
    $start = implode('', array_map(static fn (PhpToken $token): string => $token->text, array_slice($tokens, 0, 7)));

    return $start === 'declare(strict_types=1);' ? [] : [[1, 'declare(strict_types=1); must come first']];
}

/**
 * @param list<PhpToken> $tokens
 * @return list<array{int, string}>
 */
function importFaults(string $source, array $tokens): array
{
    $faults = [];
    $previous = '';
    // Comments count as use: a type may be needed in a doc block alone.
    $body = (string) preg_replace('/^use [^;(]+;$/m', '', $source);
    foreach (imports($tokens) as [$line, $name, $alias]) {
        if (preg_match('/(?<![\\\\\w$])'.$alias.'(?!\w)/', $body) !== 1) {
            $faults[] = [$line, "unused import $name"];
        }
        if (strcasecmp($previous, $name) > 0) {
            $faults[] = [$line, "import $name out of order"];
        }
        $previous = $name;
    }

    return $faults;
}

/**
 * The classes that a file imports; traits used in a class are none.
 *
 * @param list<PhpToken> $tokens
 * @return list<array{int, string, string}> line, full name, name in this file
 */
function imports(array $tokens): array
{
    $imports = [];
    $depth = 0;
    foreach ($tokens as $index => $token) {
        $depth += match ($token->text) {
            '{' => 1,
            '}' => -1,
            default => 0,
        };
        if ($depth === 0 && $token->is(T_USE) && $tokens[$index + 1]->is([T_STRING, T_NAME_QUALIFIED])) {
            $name = $tokens[$index + 1]->text;
            $alias = $tokens[$index + 2]->is(T_AS) ? $tokens[$index + 3]->text : basename(str_replace('\\', '/', $name));
            $imports[] = [$token->line, $name, $alias];
        }
    }

    return $imports;
}

/**
 * @param list<PhpToken> $tokens
 * @return list<array{int, string}>
 */
function classFaults(string $path, array $tokens): array
{
    $faults = [];
    $declared = [];
    foreach ($tokens as $index => $token) {
        $named = ($tokens[$index + 1] ?? $token)->is(T_STRING) && ! ($tokens[$index - 1] ?? $token)->is([T_DOUBLE_COLON, T_NEW]);
        if ($named && $token->is([T_CLASS, T_INTERFACE, T_TRAIT, T_ENUM])) {
            $declared[] = $tokens[$index + 1];
        }
    }
    foreach (array_slice($declared, 1) as $further) {
        $faults[] = [$further->line, "a second class in one file: $further->text"];
    }
    if ($declared !== [] && $declared[0]->text !== basename($path, '.php')) {
        $faults[] = [$declared[0]->line, "{$declared[0]->text} belongs in a file of its own name"];
    }

    return $faults;
}

$found = 0;
$paths = array_slice($argv, 1);
foreach ($paths as $path) {
    foreach (GENERATED as $folder) {
        if (str_starts_with($path, $folder)) {
            continue 2;
        }
    }
    foreach (faults($path) as [$line, $fault]) {
        echo "$path:$line: $fault\n";
        $found++;
    }
}
exit($found === 0 ? 0 : 1);
