<?php

declare(strict_types=1);

/*
 * A server of release files as they come in life. The first part of a path says what happens to the rest, a file of the folder in
 * the first argument: /whole/, /cut/, /silent/, /altered/, /elsewhere/ (moved to another host), /moved-to-plain-text/, /broken/.
 * It also is a proxy, for which http://mirror.invalid/FILE is the same as /whole/FILE. Prints its port; ends with its standard input.
 */

$folder = $argv[1];
$server = stream_socket_server('tcp://127.0.0.1:0') ?: exit(1);
$port = (int) substr((string) strrchr((string) stream_socket_get_name($server, false), ':'), 1);
echo $port, "\n";
/** @var array<int, resource> $held connections that are neither answered nor closed */
$held = [];

while (true) {
    $ready = [$server, STDIN];
    $none = null;
    stream_select($ready, $none, $none, null);

    if (in_array(STDIN, $ready, true)) {
        exit(0);
    }

    $client = stream_socket_accept($server);
    $request = (string) fgets($client);

    while (! in_array(fgets($client), ["\r\n", "\n", false], true)) {
    }

    preg_match('~^GET (?:http://mirror\.invalid/|/(\S+?)/)(\S+) HTTP~', $request, $found);
    $kind = ($found[1] ?? '') === '' && $found !== [] ? 'whole' : $found[1] ?? '';
    $file = "{$folder}/" . basename($found[2] ?? 'none');
    file_put_contents("{$folder}/requests.log", $request, FILE_APPEND);

    if (! is_file($file)) {
        fwrite($client, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        fclose($client);

        continue;
    }

    $content = (string) file_get_contents($file);
    $length = strlen($content);
    $head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {$length}\r\nConnection: close\r\n\r\n";

    match ($kind) {
        'whole' => fwrite($client, $head . $content),
        'cut' => fwrite($client, $head . substr($content, 0, intdiv($length, 2))),
        'cut-without-length' => fwrite($client, "HTTP/1.0 200 OK\r\n\r\n" . substr($content, 0, intdiv($length, 2))),
        'silent' => fwrite($client, $head . $content[0]),
        'altered' => fwrite($client, $head . substr_replace($content, chr(ord($content[100]) ^ 1), 100, 1)),
        'elsewhere' => fwrite($client, "HTTP/1.1 302 Found\r\nLocation: http://localhost:{$port}/whole/{$found[2]}\r\nContent-Length: 0\r\n\r\n"),
        'broken' => fwrite($client, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        default => fwrite($client, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    };

    if ($kind === 'silent') {
        $held[] = $client;
    } else {
        fclose($client);
    }
}
