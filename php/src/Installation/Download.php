<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

use Closure;
use GuzzleHttp\Client;
use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\Exception\GuzzleException;
use GuzzleHttp\Exception\RequestException;
use GuzzleHttp\RequestOptions;
use Psr\Http\Message\ResponseInterface;

/**
 * Gets one file from a release, a mirror, or a folder. What it gets is not trusted: see Archive.
 *
 * @internal
 */
final readonly class Download
{
    private const CONNECT_TIMEOUT_SECONDS = 10;

    /** For all of it; a file has 1 to 3 MB, so even 64 kbit/s are enough. */
    private const TOTAL_TIMEOUT_SECONDS = 600;

    private const MAX_REDIRECTS = 5;

    /**
     * @param int $silenceSeconds how long a server may send nothing
     * @param Closure(): bool $isInterrupted whether the user wants to wait no longer
     */
    public function __construct(
        private int $silenceSeconds,
        private Closure $isInterrupted,
    ) {
    }

    /**
     * @param string $from a URL or a folder
     * @throws CannotInstall
     */
    public function get(string $file, string $from, string $to): void
    {
        if (preg_match('~^https?://~i', $from) === 1) {
            $this->fromServer(rtrim($from, '/') . "/{$file}", $file, $to);
        } elseif (preg_match('~^(\w+)://~', $from) === 1) {
            throw new CannotInstall("{$from} is neither a folder nor a URL with https:// or http://");
        } elseif (! is_file("{$from}/{$file}")) {
            throw new CannotInstall(is_dir($from) ? "{$from} has no file {$file}" : "there is no folder {$from}");
        } elseif (! @copy("{$from}/{$file}", $to)) {
            throw new CannotInstall("{$from}/{$file} cannot be read");
        }
    }

    private function fromServer(string $url, string $file, string $to): void
    {
        try {
            $response = (new Client())->get($url, $this->options($url, $to));
        } catch (ConnectException $failed) {
            throw new CannotInstall(self::unreachable(self::withoutPassword($url), $file, $failed));
        } catch (RequestException $failed) {
            throw new CannotInstall(
                self::withoutPassword($url) . ' could not be downloaded whole: ' . self::reason($failed) . '; try again, or ' . self::byHand($file),
            );
        } catch (GuzzleException $failed) {
            throw new CannotInstall(self::withoutPassword($url) . " could not be downloaded: {$failed->getMessage()}; " . self::byHand($file));
        }

        self::checkAnswer($response, self::withoutPassword($url), $file, $to);
    }

    /** @return array<string, mixed> */
    private function options(string $url, string $to): array
    {
        $hasCurl = extension_loaded('curl');

        return [
            RequestOptions::SINK => $to,
            RequestOptions::HTTP_ERRORS => false,
            RequestOptions::CONNECT_TIMEOUT => self::CONNECT_TIMEOUT_SECONDS,
            // Of PHP's own streams this is how long they wait for the next byte.
            RequestOptions::TIMEOUT => $hasCurl ? self::TOTAL_TIMEOUT_SECONDS : $this->silenceSeconds,
            RequestOptions::READ_TIMEOUT => $this->silenceSeconds,
            // An archive is to arrive as it was made, whatever a mirror calls its encoding.
            RequestOptions::DECODE_CONTENT => false,
            RequestOptions::ALLOW_REDIRECTS => [
                'max' => self::MAX_REDIRECTS,
                'strict' => true,
                'referer' => false,
                'protocols' => str_starts_with(strtolower($url), 'https:') ? ['https'] : ['http', 'https'],
            ],
            ...$hasCurl ? ['curl' => $this->curlOptions()] : [],
        ];
    }

    /** @return array<int, mixed> */
    private function curlOptions(): array
    {
        return [
            CURLOPT_LOW_SPEED_LIMIT => 1,
            CURLOPT_LOW_SPEED_TIME => $this->silenceSeconds,
            // Called about once a second even in silence; a signal alone does not end curl's waiting, nor does an exit in a handler.
            CURLOPT_NOPROGRESS => false,
            CURLOPT_PROGRESSFUNCTION => function (): int {
                pcntl_signal_dispatch();

                return (int) ($this->isInterrupted)();
            },
        ];
    }

    private static function checkAnswer(ResponseInterface $response, string $url, string $file, string $to): void
    {
        $status = $response->getStatusCode();

        if ($status !== 200) {
            throw new CannotInstall("{$url} answers {$status} {$response->getReasonPhrase()}; " . match ($status) {
                404 => 'is this the folder of the release? ',
                401, 403 => 'a mirror that asks for a password takes it in the URL, https://USER:PASSWORD@HOST/…; ',
                407 => 'the proxy asks for a password, which HTTPS_PROXY takes as http://USER:PASSWORD@HOST:PORT; ',
                default => 'try again later, or ',
            } . self::byHand($file));
        }

        clearstatcache();
        $announced = $response->getHeaderLine('Content-Length');

        if ($announced !== '' && (int) $announced !== filesize($to)) {
            throw new CannotInstall("{$url} could not be downloaded whole: the connection ended after " . filesize($to)
                . " of {$announced} bytes; try again, or " . self::byHand($file));
        }
    }

    private static function unreachable(string $url, string $file, ConnectException $failed): string
    {
        $host = parse_url($url, PHP_URL_HOST);

        return "{$host} cannot be reached: " . self::reason($failed) . '; behind a proxy set HTTPS_PROXY, and without a network '
            . self::byHand($file);
    }

    /** Without curl's advice for programmers. */
    private static function reason(GuzzleException $failed): string
    {
        return preg_replace(['/ \(see https?:\S+\)/', '~ for \S+://\S+~'], '', $failed->getMessage()) ?? '';
    }

    private static function byHand(string $file): string
    {
        return "fetch {$file} on another machine and say where it is with --from=FOLDER";
    }

    private static function withoutPassword(string $url): string
    {
        return (string) preg_replace('~//[^/@]*@~', '//', $url);
    }
}
