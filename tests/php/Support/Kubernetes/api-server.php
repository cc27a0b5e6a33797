<?php

declare(strict_types=1);

// An API server over HTTPS, one connection after another: php api-server.php CERTIFICATE-AND-KEY TOKEN-FILE. Prints its port, and
// ends with its input.

use QueueAutoscale\Tests\Support\Kubernetes\Answers;

require __DIR__ . '/Cluster.php';
require __DIR__ . '/Answers.php';

[, $certificateFile, $tokenFile] = $argv;
$answers = new Answers($tokenFile);
$context = stream_context_create(['ssl' => ['local_cert' => $certificateFile]]);
$server = stream_socket_server('tcp://127.0.0.1:0', context: $context) ?: throw new RuntimeException('There is no port to listen on.');
echo substr((string) strrchr((string) stream_socket_get_name($server, remote: false), ':'), 1), "\n";

while (true) {
    $readable = [$server, STDIN];
    $none = [];
    stream_select($readable, $none, $none, null);

    if (in_array(STDIN, $readable, strict: true)) {
        exit(0);
    }

    $connection = @stream_socket_accept($server);

    if ($connection === false) {
        continue;
    }

    stream_set_timeout($connection, 5);

    // Fails where the client does not trust the certificate.
    if (@stream_socket_enable_crypto($connection, true, STREAM_CRYPTO_METHOD_TLS_SERVER) !== true) {
        fclose($connection);

        continue;
    }

    [$method, $path] = explode(' ', (string) fgets($connection)) + ['', ''];
    $headers = [];

    while (($line = trim((string) fgets($connection))) !== '') {
        [$name, $value] = explode(':', $line, 2);
        $headers[strtolower($name)] = trim($value);
    }

    $length = (int) ($headers['content-length'] ?? 0);
    $body = $length > 0 ? (string) stream_get_contents($connection, $length) : '';

    [$status, $object, $extra, $isCutShort] = $answers->to($method, $path, $headers, $body);
    $content = json_encode($object, JSON_THROW_ON_ERROR);
    $head = ["HTTP/1.1 {$status} Told", 'Content-Type: application/json', 'Content-Length: ' . strlen($content), 'Connection: close'];

    foreach ($extra as $name => $value) {
        $head[] = "{$name}: {$value}";
    }

    // The client may have given up meanwhile.
    @fwrite($connection, implode("\r\n", $head) . "\r\n\r\n" . ($isCutShort ? substr($content, 0, intdiv(strlen($content), 2)) : $content));
    fclose($connection);
}
