<?php

declare(strict_types=1);

return [
    'default' => 'array',
    'mailers' => ['array' => ['transport' => 'array']],
    'from' => ['address' => 'queue@example.com', 'name' => 'Queue'],
];
