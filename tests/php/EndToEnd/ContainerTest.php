<?php

declare(strict_types=1);

namespace QueueAutoscale\Tests\EndToEnd;

use App\Jobs\OrphaningJob;
use App\Jobs\SleepJob;
use PHPUnit\Framework\Attributes\RequiresOperatingSystemFamily;

/** The manager as process 1 of a PID namespace, as in a container without an init. */
#[RequiresOperatingSystemFamily('Linux')]
final class ContainerTest extends EndToEndTestCase
{
    public function test_as_process_1_it_works_reaps_strangers_and_ends_in_order(): void
    {
        if (posix_geteuid() !== 0) {
            self::markTestSkipped('Only root may make PID namespaces.');
        }

        $container = $this->startManager(wrapper: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', ...self::propagation()]);
        $this->enqueue(3, 'emails', static fn(): OrphaningJob => new OrphaningJob());
        $this->enqueue(10, 'emails', static fn(): SleepJob => new SleepJob(0.1));
        $this->waitUntilAllJobsAreDone($container);

        $manager = (int) file_get_contents("/proc/{$container->pid()}/task/{$container->pid()}/children");
        $this->waitUntil(fn(): bool => $this->zombiesOf($manager) === 0, 'the strangers to be reaped', $container);

        posix_kill($manager, SIGTERM);
        self::assertSame(0, $container->exitCode());
        self::assertSame([], $this->workers());
    }

    /** @return list<string> keeps the new /proc to the namespace, also where / is no mount of its own, as in a chroot */
    private static function propagation(): array
    {
        $isMount = preg_match('#^\S+ \S+ \S+ \S+ / #m', (string) file_get_contents('/proc/self/mountinfo')) === 1;

        // There it is private already, or could not be changed anyway.
        return $isMount ? ['--propagation', 'private'] : ['--propagation', 'unchanged'];
    }

    private function zombiesOf(int $parent): int
    {
        $zombies = 0;

        foreach ((array) glob('/proc/[0-9]*/stat') as $file) {
            // The name before them may hold anything, a closing parenthesis included.
            $status = (string) @file_get_contents($file);
            [$state, $parentOfProcess] = explode(' ', substr($status, (int) strrpos($status, ')') + 2)) + ['', '0'];
            $zombies += (int) ($state === 'Z' && (int) $parentOfProcess === $parent);
        }

        return $zombies;
    }
}
