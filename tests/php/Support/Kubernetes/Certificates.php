<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Support\Kubernetes;

use OpenSSLAsymmetricKey;
use OpenSSLCertificate;
use RuntimeException;

/** A certificate authority of a test's own, and what it signs for a server's address. */
final readonly class Certificates
{
    private const OPENSSL_CONFIGURATION = <<<'INI'
        [req]
        distinguished_name = name
        [name]
        [authority]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign, cRLSign
        [server]
        basicConstraints = critical, CA:FALSE
        keyUsage = critical, digitalSignature
        extendedKeyUsage = serverAuth
        subjectAltName = IP:ADDRESS
        INI;

    public function __construct(private string $folder, string $address = '127.0.0.1')
    {
        file_put_contents("{$folder}/openssl.cnf", str_replace('ADDRESS', $address, self::OPENSSL_CONFIGURATION));
    }

    /** Writes the authority's certificate to one file, and certificate and key of a server to another one. */
    public function make(string $authorityFile, ?string $serverFile = null): void
    {
        $authorityKey = self::key();
        $authority = $this->sign('A test\'s own authority', $authorityKey, null, $authorityKey, 'authority');
        openssl_x509_export_to_file($authority, $authorityFile);

        if ($serverFile !== null) {
            $key = self::key();
            openssl_x509_export($this->sign('A test\'s own server', $key, $authority, $authorityKey, 'server'), $certificate);
            openssl_pkey_export($key, $keyText, options: ['config' => "{$this->folder}/openssl.cnf"]);
            file_put_contents($serverFile, $certificate . $keyText);
        }
    }

    private function sign(
        string $name,
        OpenSSLAsymmetricKey $key,
        ?OpenSSLCertificate $issuer,
        OpenSSLAsymmetricKey $issuerKey,
        string $extensions,
    ): OpenSSLCertificate {
        $options = ['config' => "{$this->folder}/openssl.cnf", 'digest_alg' => 'sha256', 'x509_extensions' => $extensions];
        $request = openssl_csr_new(['commonName' => $name], $key, $options);
        $certificate = openssl_csr_sign($request, $issuer, $issuerKey, days: 1, options: $options, serial: random_int(1, PHP_INT_MAX));

        return $certificate ?: throw new RuntimeException((string) openssl_error_string());
    }

    private static function key(): OpenSSLAsymmetricKey
    {
        return openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1'])
            ?: throw new RuntimeException((string) openssl_error_string());
    }
}
