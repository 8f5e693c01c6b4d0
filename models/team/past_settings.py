"""The limits, warnings, business hours and holidays of a team as they were, from the log of their changes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.errors import DeskError
from models.providers.catalogue import STATUSES
from models.rules.due import CREDIT, Policy
from models.rules.time_rules import rules
from models.store import mapping, tables
from models.team.business_calendar import YEARS_AHEAD, YEARS_BACK
from models.team.changes import SettingChange
from models.team.recompute import rests_on_business_time
from models.values.business_time import BusinessTime

Row = dict[str, Any]
Key = tuple[str, str]
"""Provider and status."""

_HOURS: Final = "business hours"
_OF_CALENDAR: Final = (_HOURS, "holiday")
_USUAL: Final = "usual"
_UNNAMED: Final = "a day off"


def changes_of(connection: sa.Connection, table: Any) -> list[SettingChange]:
    """Return every change of *table*, that of settings, the oldest first."""
    columns = (table.c[name] for name in SettingChange._fields)
    found = connection.execute(sa.select(*columns).order_by(table.c.at, table.c.subject))
    return [SettingChange._make(row) for row in found]


def settings_at(connection: sa.Connection, moment: datetime) -> Mapping[type[SQLModel], list[Row]]:
    """Return every row of the settings as they were at *moment*, by their tables.

    Args:
        connection: Shows the settings of today.
        moment: In UTC.
    """
    log = changes_of(connection, mapping.table_of(tables.SettingChange))
    state = _Settings(
        *(
            _rows(connection, model)
            for model in (
                tables.Threshold,
                tables.LimitWarning,
                tables.Holiday,
                tables.BusinessHours,
                tables.RuleSwitch,
                tables.UsualSpan,
            )
        ),
        until=[change for change in log if change.at <= moment],
    )
    for change in reversed(log):
        if change.at > moment:
            state.undo(change)
    return {
        tables.Threshold: state.limits,
        tables.LimitWarning: state.warnings,
        tables.Holiday: state.holidays,
        tables.BusinessHours: state.hours,
        tables.RuleSwitch: state.switches,
        tables.UsualSpan: state.spans,
    }


def count_since(connection: sa.Connection, table: Any, moment: datetime) -> int:
    """Return how many changes of *table*, that of settings, came after *moment*."""
    counted = sa.select(sa.func.count()).select_from(table).where(table.c.at > moment)
    return int(connection.execute(counted).scalar_one())


def moved_statuses(changes: Iterable[SettingChange], policy: Policy) -> set[Key]:
    """Return the statuses whose limits end at other times after *changes* than under *policy*."""
    moved: set[Key] = set()
    is_calendar_other = False
    for change in changes:
        kind, _, rest = change.subject.partition(" ")
        if kind == "limit":
            provider, _, slug = rest.partition(":")
            moved.add((provider, slug))
        elif change.subject.startswith(_OF_CALENDAR):
            is_calendar_other = True
    if is_calendar_other:
        for provider, statuses in STATUSES.items():
            for slug in statuses:
                threshold = policy.thresholds.of(provider, slug)
                if threshold is not None and threshold.limit.is_of_business:
                    moved.add((provider, slug))
    return moved


def statuses_of_rules(changes: Iterable[SettingChange], policy: Policy) -> set[Key]:
    """Return the platforms' statuses at which rules look at other times after *changes* than under *policy*.

    Those are among them whose credits are overdue at other times.
    """
    found: set[Key] = set()
    for change in changes:
        kind, _, rest = change.subject.partition(" ")
        for rule in rules().values():
            spans = {rule.span.key if rule.span else "", CREDIT if rule.credits else ""}
            is_of_business = rests_on_business_time(rule, policy) or (
                rule.credits and policy.credit_limit.is_of_business
            )
            if (
                (kind == "rule" and rest == rule.name)
                or (kind == "span" and rest.partition(" ")[0] in spans)
                or (is_of_business and change.subject.startswith(_OF_CALENDAR))
            ):
                found |= {(rule.provider, slug) for slug in rule.statuses}
    return found


def _rows(connection: sa.Connection, model: type[SQLModel]) -> list[Row]:
    found = connection.execute(sa.select(mapping.table_of(model)))
    return [dict(row) for row in found.mappings()]


@dataclass(slots=True)
class _Settings:
    """The rows of the settings, which go back in time change by change, the newest first."""

    limits: list[Row]
    warnings: list[Row]
    holidays: list[Row]
    hours: list[Row]
    switches: list[Row]
    spans: list[Row]
    until: Sequence[SettingChange] = field(kw_only=True)
    """The changes before the moment, the oldest first."""

    def undo(self, change: SettingChange) -> None:
        """Put back what *change* has replaced."""
        for begins, undo in _UNDO.items():
            if change.subject == begins or change.subject.startswith(f"{begins} "):
                undo(self, change)
                return

    def limit(self, change: SettingChange) -> None:
        """Put the limit of a status back."""
        provider, slug = _key_of(change.subject)
        self.limits = _others(self.limits, provider=provider, status=slug)
        status = STATUSES.get(provider, {}).get(slug)
        usual = "off" if status is None or not status.threshold else str(status.threshold.limit)
        if status is not None and change.before != usual:
            by, at = self._set_by(change)
            self.limits.append(
                {"provider": provider, "status": slug, "limit": change.before, "set_by": by, "set_at": at}
            )  # fmt: skip

    def warning(self, change: SettingChange) -> None:
        """Put the time of a warning back."""
        provider, slug = _key_of(change.subject)
        self.warnings = _others(self.warnings, provider=provider, status=slug)
        if change.before != _USUAL:
            self.warnings.append({"provider": provider, "status": slug, "before": change.before})

    def business_hours(self, change: SettingChange) -> None:
        """Put the business hours back; hours that could not be read were not in force."""
        self.hours = []
        if not change.before:
            return
        try:
            before = BusinessTime.of_words(change.before)
        except ValueError:
            return
        by, at = self._set_by(change)
        self.hours.append({"only_row": 1, **before._asdict(), "set_by": by, "set_at": at})

    def holiday(self, change: SettingChange) -> None:
        """Put one day back."""
        day = change.subject.partition(" ")[2]
        self.holidays = _others(self.holidays, day=day)
        if change.before:
            name = "" if change.before == _UNNAMED else change.before
            self.holidays.append({"day": day, "name": name, "region": ""})

    def region(self, change: SettingChange) -> None:
        """Put the days of the region back that was chosen before."""
        self.holidays = [row for row in self.holidays if not row["region"]]
        # The library behind it is large, and only this needs it.
        from models.team.regions import days_off, region_named

        own = {row["day"] for row in self.holidays}
        for code in filter(None, change.before.split(", ")):
            year = self._chosen(code, change).year
            try:
                region = region_named(code)
                days = days_off(region, range(year - YEARS_BACK, year + YEARS_AHEAD + 1))
            except DeskError:
                continue
            self.holidays += [
                {"day": day.isoformat(), "name": name, "region": region.code}
                for day, name in days.items()
                if day.isoformat() not in own
            ]

    def switch(self, change: SettingChange) -> None:
        """Switch a rule as it was."""
        name = change.subject.partition(" ")[2]
        self.switches = _others(self.switches, name=name)
        if change.before == "off":
            self.switches.append({"name": name, "state": "off"})

    def span(self, change: SettingChange) -> None:
        """Put the usual span of a campaign, or of all, back."""
        key, _, campaign = change.subject.partition(" ")[2].partition(" ")
        self.spans = _others(self.spans, key=key, campaign=campaign)
        if change.before != _USUAL:
            self.spans.append({"key": key, "campaign": campaign, "span": change.before})

    def _chosen(self, code: str, change: SettingChange) -> datetime:
        """Return when the region *code* was chosen that *change* replaced."""
        same = (
            each.at
            for each in reversed(self.until)
            if each[1:2] == change[1:2] and each.after == code
        )
        return next(same, change.at)

    def _set_by(self, change: SettingChange) -> tuple[str, datetime]:
        """Return who had set what *change* replaced, and when; nobody if that is not known."""
        same = (each for each in reversed(self.until) if each.subject == change.subject)
        found = next(same, None)
        return (found.actor, found.at) if found else ("", datetime.min.replace(tzinfo=UTC))


_UNDO: Final[Mapping[str, Callable[[_Settings, SettingChange], None]]] = MappingProxyType(
    {
        "limit": _Settings.limit,
        "warning": _Settings.warning,
        _HOURS: _Settings.business_hours,
        "holidays": _Settings.region,
        "holiday": _Settings.holiday,
        "rule": _Settings.switch,
        "span": _Settings.span,
    }
)
"""By what the subject of a change begins with."""


def _key_of(subject: str) -> Key:
    """Return the status of `limit sendoso:shipped`; two empty texts for every status."""
    provider, _, slug = subject.partition(" ")[2].partition(":")
    return provider, slug


def _others(rows: Iterable[Row], **key: str) -> list[Row]:
    """Return *rows* without those that have the values of *key*."""
    return [row for row in rows if any(row[name] != value for name, value in key.items())]
