<?php

declare(strict_types=1);

return ['default' => 'null', 'connections' => ['null' => ['driver' => 'null']]];
