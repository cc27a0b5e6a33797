<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Installation;

/**
 * How this machine gets what is missing.
 *
 * @internal
 */
enum PackageManager: string
{
    case Apt = 'apt-get';
    case Apk = 'apk';
    case Dnf = 'dnf';
    case Brew = 'brew';
    case Unknown = '';

    public static function ofThisMachine(): self
    {
        foreach ([self::Apt, self::Apk, self::Dnf, self::Brew] as $manager) {
            if (Programs::find($manager->value) !== null) {
                return $manager;
            }
        }

        return self::Unknown;
    }

    public function cCompiler(): string
    {
        return match ($this) {
            self::Apt => 'apt-get install gcc libc6-dev',
            self::Apk => 'apk add gcc musl-dev',
            self::Dnf => 'dnf install gcc',
            self::Brew => 'xcode-select --install',
            self::Unknown => 'install gcc or clang',
        };
    }

    public function phpHeaders(): string
    {
        $version = PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION;

        return match ($this) {
            self::Apt => "apt-get install php{$version}-dev",
            // Alpine's names have no point.
            self::Apk => 'apk add php' . str_replace('.', '', $version) . '-dev',
            self::Dnf => 'dnf install php-devel',
            self::Brew => "brew reinstall php@{$version}",
            self::Unknown => "install the development files of PHP {$version}",
        };
    }

    public function libclang(): string
    {
        return match ($this) {
            self::Apt => 'apt-get install clang libclang-dev',
            self::Apk => 'apk add clang-libclang',
            self::Dnf => 'dnf install clang clang-devel',
            self::Brew => 'brew install llvm',
            self::Unknown => 'install clang with its library libclang',
        };
    }

    public function rust(string $version): string
    {
        return "install Rust {$version} or newer with rustup, https://rustup.rs";
    }
}
