"""What a team lead does about limits, business hours, holidays and the rules that time triggers.

Every change is logged with who made it, derives anew the sends that it moves, and returns how many these
are. `ReadOnly` and `DeskUnavailable` are raised as by every write.
"""

from datetime import date
from typing import TYPE_CHECKING

from models.team import business_calendar, changes, thresholds
from models.team.business_calendar import Holiday
from models.team.changes import SettingChange
from models.team.thresholds import EffectiveThreshold
from models.values.business_time import BusinessTime
from models.values.calendar import Limit
from models.writing.writer import Writer

if TYPE_CHECKING:
    from models.team.time_rules import RuleState, SpanInForce


class PolicyWriter(Writer):
    """Reads and sets what decides when sends are due."""

    def limits(self) -> tuple[EffectiveThreshold, ...]:
        """Return the limit in force of every status that is not final, in the order of the catalogue."""
        return tuple(thresholds.in_force(self.database))

    def set_limit(self, provider: str, slug: str, limit: Limit | None) -> int:
        """Set the team's own limit of a status; None switches it off.

        Raises:
            DeskError: If the status is final, unmapped or not in the catalogue.
        """
        moved = thresholds.set_limit(self.database, provider, slug, limit, self.agent, self.now())
        self.forget_settings()
        return moved

    def reset_limit(self, provider: str, slug: str) -> int:
        """Remove the team's own limit of a status, so that the catalogue's is in force again."""
        moved = thresholds.reset_limit(self.database, provider, slug, self.agent, self.now())
        self.forget_settings()
        return moved

    def business_time(self) -> BusinessTime | None:
        """Return the hours and days that the desk has set; None if it has set none."""
        return business_calendar.business_time(self.database)

    def set_business_time(self, hours: BusinessTime | None) -> int:
        """Set hours, days and zone of the desk; None for Monday to Friday around the clock in UTC.

        Raises:
            DeskError: If they cannot be used.
        """
        moved = business_calendar.set_business_time(self.database, hours, self.agent, self.now())
        self.forget_settings()
        return moved

    def holidays(self) -> tuple[Holiday, ...]:
        """Return every holiday, the earliest first."""
        return business_calendar.holidays(self.database)

    def choose_region(self, code: str) -> int:
        """Store the public holidays of a country, `DE`, or a part of one, `DE-BY`, in place of another's.

        Raises:
            DeskError: If the region is not known; the message says what is.
        """
        moved = business_calendar.choose_region(self.database, code, self.agent, self.now())
        self.forget_settings()
        return moved

    def add_holiday(self, day: date, name: str = "") -> int:
        """Make *day*, in the zone of the desk, no business day."""
        moved = business_calendar.add_holiday(self.database, day, name, self.agent, self.now())
        self.forget_settings()
        return moved

    def remove_holidays(self, which: date | str) -> int:
        """Make a day a business day again, or all days of a region.

        Raises:
            NothingToDo: If it is none of the holidays.
        """
        moved = business_calendar.remove_holidays(self.database, which, self.agent, self.now())
        self.forget_settings()
        return moved

    def rules(self) -> "tuple[RuleState, ...]":
        """Return every rule that time triggers, and whether it is on."""
        from models.team import time_rules

        return time_rules.in_force(self.database)

    def switch_rule(self, name: str, is_on: bool) -> int:
        """Switch a rule on or off; what it has done already stays.

        Raises:
            DeskError: If there is no such rule.
        """
        from models.team import time_rules

        moved = time_rules.switch(self.database, name, is_on, self.agent, self.now())
        self.forget_settings()
        return moved

    def usual_spans(self) -> "tuple[SpanInForce, ...]":
        """Return how long sends last whose platform does not say: of all campaigns, then of single ones."""
        from models.team import time_rules

        return time_rules.spans(self.database)

    def set_usual_span(self, key: str, limit: Limit | None, campaign: str = "") -> int:
        """Set how long such sends last; None for what holds without a setting.

        Raises:
            DeskError: If there is no such span, or it leaves no time.
        """
        from models.team import time_rules

        now = self.now()
        moved = time_rules.set_span(self.database, key, campaign, limit, self.agent, now)
        self.forget_settings()
        return moved

    def setting_changes(self) -> tuple[SettingChange, ...]:
        """Return the last changes of limits, warnings, business hours, holidays and rules, newest first."""
        return changes.newest(self.database)
