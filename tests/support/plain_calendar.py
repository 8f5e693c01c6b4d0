"""When a limit is over, reckoned day by day: the plain desk's own calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class PlainCalendar:
    """When a desk works; one that has not said so works from Monday to Friday around the clock."""

    opens: int = 0
    """The hour of the day."""
    closes: int = 24
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    """Monday is 0."""
    zone: str = "UTC"
    holidays: frozenset[date] = frozenset()

    def after(self, moment: datetime, limit: str) -> datetime:
        """Return when *limit* is over that began at *moment*: `now`, `36h`, `3d`, `2bd` or `16bh`.

        A day is 24 hours. Business days end at the time of day at which they began, business hours count
        while it is open, and what begins while it is closed begins with the next opening.
        """
        if limit == "now":
            return moment
        amount = int(limit.rstrip("hbd"))
        match limit.lstrip("0123456789"):
            case "h":
                return moment + timedelta(hours=amount)
            case "d":
                return moment + amount * DAY
            case "bh":
                return self._after_hours(moment, timedelta(hours=amount))
            case _:
                return self._after_days(moment, amount)

    def _after_hours(self, moment: datetime, left: timedelta) -> datetime:
        day = moment.astimezone(ZoneInfo(self.zone)).date()
        while True:
            begin, end = max(self._at(day, self.opens), moment), self._at(day, self.closes)
            if self._is_working(day) and begin < end:
                if left <= end - begin:
                    return begin + left
                left -= end - begin
            day += DAY

    def _after_days(self, moment: datetime, days: int) -> datetime:
        local = moment.astimezone(ZoneInfo(self.zone))
        day, passed = local.date(), timedelta(hours=self.opens)
        if self._is_working(day) and local.hour < self.closes:
            since_midnight = datetime.combine(day, local.time()) - datetime.combine(day, time())
            passed = max(passed, since_midnight)
        else:
            days += 1
        while days:
            day += DAY
            days -= self._is_working(day)
        return (datetime.combine(day, time(), ZoneInfo(self.zone)) + passed).astimezone(UTC)

    def _is_working(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def _at(self, day: date, hour: int) -> datetime:
        midnight = datetime.combine(day, time(), ZoneInfo(self.zone))
        return (midnight + timedelta(hours=hour)).astimezone(UTC)
