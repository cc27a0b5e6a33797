<?php

declare(strict_types=1);

/*
 * Reads what `cargo metadata` says and prints which crates are compiled into the extension and the library, as CycloneDX 1.5.
 * The time in it is SOURCE_DATE_EPOCH, so the same sources give the same list.
 */

$metadata = json_decode((string) stream_get_contents(STDIN), associative: true, flags: JSON_THROW_ON_ERROR);
$packages = array_column($metadata['packages'], null, 'id');
$nodes = array_column($metadata['resolve']['nodes'], null, 'id');
$ours = array_fill_keys($metadata['workspace_members'], true);
$main = array_values(array_filter($packages, static fn(array $package): bool => $package['name'] === 'queue-autoscale'))[0];
$reached = [];
$ahead = [$main['id']];

// What only tests and build scripts need is in no file of a release.
while ($ahead !== []) {
    $id = array_pop($ahead);

    if (isset($reached[$id])) {
        continue;
    }

    $reached[$id] = [];

    foreach ($nodes[$id]['deps'] as $dependency) {
        if (in_array(null, array_column($dependency['dep_kinds'], 'kind'), true)) {
            $reached[$id][] = $dependency['pkg'];
            $ahead[] = $dependency['pkg'];
        }
    }
}

$purl = static fn(string $id): string => "pkg:cargo/{$packages[$id]['name']}@{$packages[$id]['version']}";
$components = [];
$dependencies = [];

foreach ($reached as $id => $needs) {
    $needed = array_map($purl, $needs);
    sort($needed);
    $dependencies[$purl($id)] = ['ref' => $purl($id), 'dependsOn' => $needed];

    if (! isset($ours[$id])) {
        $license = $packages[$id]['license'];
        $components[$purl($id)] = array_filter([
            'type' => 'library',
            'bom-ref' => $purl($id),
            'name' => $packages[$id]['name'],
            'version' => $packages[$id]['version'],
            // Older crates part alternatives by a slash.
            'licenses' => $license === null ? null : [['expression' => str_replace('/', ' OR ', $license)]],
            'purl' => $purl($id),
        ]);
    }
}

ksort($components);
ksort($dependencies);
echo json_encode([
    'bomFormat' => 'CycloneDX',
    'specVersion' => '1.5',
    'version' => 1,
    'metadata' => [
        'timestamp' => gmdate('Y-m-d\TH:i:s\Z', (int) getenv('SOURCE_DATE_EPOCH')),
        'component' => [
            'type' => 'library',
            'bom-ref' => $purl($main['id']),
            'name' => $main['name'],
            'version' => $main['version'],
            'purl' => $purl($main['id']),
        ],
    ],
    'components' => array_values($components),
    'dependencies' => array_values($dependencies),
], JSON_THROW_ON_ERROR | JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES), "\n";
