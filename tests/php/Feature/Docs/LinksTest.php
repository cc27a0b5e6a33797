<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\Feature\Docs;

use PHPUnit\Framework\TestCase;

final class LinksTest extends TestCase
{
    private const PROJECT = __DIR__ . '/../../../..';

    public function test_every_link_to_a_page_of_the_project_leads_somewhere(): void
    {
        foreach ([...(array) glob(self::PROJECT . '/*.md'), ...(array) glob(self::PROJECT . '/docs/*.md')] as $page) {
            preg_match_all('/\]\((?!https?:)([^)#]+)/', (string) file_get_contents($page), $links);

            foreach ($links[1] as $link) {
                self::assertFileExists(dirname($page) . "/{$link}", basename($page) . " links to {$link}");
            }
        }
    }
}
