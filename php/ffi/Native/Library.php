<?php

declare(strict_types=1);

namespace QueueAutoscale\Native;

use FFI;
use FFI\CData;
use FFI\CType;
use FFI\Exception as FfiException;
use QueueAutoscale\Exception\LibraryUnavailable;

/**
 * The C library behind the classes of this folder: each call's text is read, given back, and decoded or thrown.
 *
 * @internal
 */
final class Library
{
    private const OK = 0;

    private static ?self $loaded = null;

    private readonly CType $text;

    private function __construct(
        private readonly FFI $ffi,
    ) {
        $this->text = $ffi->type('qa_text');
    }

    /** @throws LibraryUnavailable */
    public static function get(): self
    {
        return self::$loaded ??= self::load();
    }

    /** The library's own version, such as "0.1.0". */
    public function version(): string
    {
        return $this->ffi->qa_version();
    }

    /**
     * Calls a function that returns a text.
     *
     * @param CData|string|int|float|bool|null ...$arguments those before the text's place
     * @return mixed the text's JSON; null where there is none
     */
    public function call(string $function, mixed ...$arguments): mixed
    {
        $text = $this->ffi->new($this->text);
        $status = $this->ffi->{$function}(...$arguments, ...[FFI::addr($text)]);
        $content = $text->data === null ? null : FFI::string($text->data, $text->length);
        $this->ffi->qa_text_free(FFI::addr($text));

        if ($status !== self::OK) {
            throw Failure::exception($status, (string) $content);
        }

        return $content === null ? null : Json::decode($content);
    }

    /**
     * Calls a function that makes an object of C.
     *
     * @param string $type such as "qa_engine"
     * @param CData|string|int ...$arguments those before the handle's place
     */
    public function make(string $type, mixed ...$arguments): Handle
    {
        $handle = $this->ffi->new("{$type} *");
        $this->call("{$type}_new", ...$arguments, ...[FFI::addr($handle)]);

        return new Handle($handle, $this->ffi, "{$type}_free");
    }

    /** @param array<string, mixed> $arguments */
    public function calculate(string $calculation, array $arguments): mixed
    {
        $json = Json::encode($arguments);

        return $this->call('qa_calculate', $calculation, strlen($calculation), $json, strlen($json));
    }

    private static function load(): self
    {
        if (! extension_loaded('ffi')) {
            throw Failure::unavailable("PHP's extension ffi is missing; install it (Debian has it in php-common)");
        }

        try {
            FFI::cdef();
        } catch (FfiException) {
            throw Failure::unavailable('FFI is switched off; set "ffi.enable = true" in the php.ini of the command line');
        }

        $file = LibraryFile::find();

        try {
            $numbers = FFI::cdef(Header::VERSION_FUNCTIONS, $file);
        } catch (FfiException $failed) {
            throw Failure::unavailable("{$file} cannot be loaded ({$failed->getMessage()}); " . LibraryFile::REMEDY);
        }

        [$version, $revision] = [$numbers->qa_abi_version(), $numbers->qa_abi_revision()];

        if ($version !== Header::abiVersion() || $revision < Header::abiRevision()) {
            throw self::unfit($numbers, $file, '');
        }

        try {
            return new self(FFI::cdef(Header::declarations(), $file));
        } catch (FfiException $failed) {
            throw self::unfit($numbers, $file, ", and cannot be used ({$failed->getMessage()})");
        }
    }

    /** What a library is told that does not have what the header says. */
    private static function unfit(FFI $library, string $file, string $fault): LibraryUnavailable
    {
        return Failure::unavailable(
            "{$file} is version {$library->qa_version()} with the interface {$library->qa_abi_version()}.{$library->qa_abi_revision()} "
            . 'where this package needs ' . Header::abiVersion() . '.' . Header::abiRevision() . "{$fault}; "
            . LibraryFile::REMEDY,
        );
    }
}
