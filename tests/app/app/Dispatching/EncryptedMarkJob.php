<?php

declare(strict_types=1);

namespace App\Dispatching;

use Illuminate\Contracts\Queue\ShouldBeEncrypted;

final class EncryptedMarkJob extends MarkJob implements ShouldBeEncrypted
{
}
