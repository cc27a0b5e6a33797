<?php

declare(strict_types=1);

namespace QueueAutoscale\Laravel\Policies;

use DateTimeInterface;
use DateTimeZone;
use Illuminate\Support\Carbon;
use InvalidArgumentException;

/**
 * A part of each day, from a time up to another, over midnight where the second is the earlier one.
 *
 * @internal
 */
final readonly class TimeWindow
{
    private const TIME_OF_DAY = '/\A([01]\d|2[0-3]):[0-5]\d\z/';

    /**
     * @param string $from "HH:MM"
     * @param string $until "HH:MM"; it is no longer in the window
     * @param ?string $timezone null for the application's
     */
    public function __construct(
        private string $from,
        private string $until,
        private ?string $timezone = null,
    ) {
        foreach (['from' => $from, 'until' => $until] as $name => $time) {
            if (preg_match(self::TIME_OF_DAY, $time) !== 1) {
                throw new InvalidArgumentException("{$name} must be a time of day such as \"08:30\", not \"{$time}\"");
            }
        }

        if ($timezone !== null && ! in_array($timezone, timezone_identifiers_list(DateTimeZone::ALL_WITH_BC), strict: true)) {
            throw new InvalidArgumentException("timezone must be a time zone such as \"Europe/Copenhagen\", not \"{$timezone}\"");
        }
    }

    public function contains(DateTimeInterface $instant): bool
    {
        $time = Carbon::instance($instant)->setTimezone($this->timezone ?? config('app.timezone', 'UTC'))->format('H:i');

        return $this->from <= $this->until
            ? $this->from <= $time && $time < $this->until
            : $this->from <= $time || $time < $this->until;
    }

    public function __toString(): string
    {
        return "from {$this->from} until {$this->until}";
    }
}
