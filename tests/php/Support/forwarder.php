<?php

declare(strict_types=1);

/*
 * Forwards TCP connections from one port of this host to another: the wire between a host and its Redis. Stopped with SIGSTOP,
 * it is a wire whose packets vanish: connections stay open, new ones are accepted by the kernel, and nobody answers.
 *
 * Arguments: the port to listen on, the port to forward to.
 */

const CHUNK_BYTES = 65_536;

[, $from, $to] = $argv;
$listener = stream_socket_server("tcp://127.0.0.1:{$from}") ?: exit(1);
/** @var array<int, array{resource, resource}> $pairs each end, and where its bytes go */
$pairs = [];

while (true) {
    $read = [$listener, ...array_column($pairs, 0)];
    $write = $except = null;
    stream_select($read, $write, $except, null);

    foreach ($read as $ready) {
        if ($ready === $listener) {
            $client = stream_socket_accept($listener, 0);
            $server = $client === false ? false : @stream_socket_client("tcp://127.0.0.1:{$to}");

            if ($client !== false && $server !== false) {
                $pairs[get_resource_id($client)] = [$client, $server];
                $pairs[get_resource_id($server)] = [$server, $client];
            }

            continue;
        }

        [, $other] = $pairs[get_resource_id($ready)] ?? [null, null];

        if ($other === null) {
            continue;
        }

        $bytes = fread($ready, CHUNK_BYTES);

        if ($bytes === '' || $bytes === false || @fwrite($other, $bytes) === false) {
            unset($pairs[get_resource_id($ready)], $pairs[get_resource_id($other)]);
            fclose($ready);
            fclose($other);
        }
    }
}
