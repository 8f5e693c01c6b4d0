"""The sections of a report, each made when it is asked for: the first figures come at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, timedelta
from typing import Any, Final

from models.providers import catalogue
from models.providers.status import Stage, Status
from models.reading.reader import Reader
from models.report.answers import Answered, answered
from models.report.document import Chart, Column, Figure, Heading, Section, Table, Value
from models.report.money import credits_section
from models.report.sources import PastBreach, Sources, StuckSend, by_status
from models.report.span import Span
from models.report.work import work
from models.rules.stays import ACCURACY, nearest_rank, percentile
from models.values.text import display_text

StatusKey = tuple[str, str]
"""Provider and slug."""
_MOST_CAMPAIGNS: Final = 10
_MOST_OWNERS: Final = 20
_MOST_BARS: Final = 62
"""The most days that a chart shows one by one; of more it shows weeks, or months of 30 days."""
_NOBODY: Final = "nobody"
_NO_CAMPAIGN: Final = "no campaign"
_NAME_SHOWN: Final = 60
_STAGES: Final = list(Stage)
AGES: Final = (
    ("under 1 day", "<1d"),
    ("1 to 3 days", "1-3d"),
    ("3 to 7 days", "3-7d"),
    ("7 to 30 days", "7-30d"),
    ("30 days and more", "30d+"),
)
"""How long sends have been stuck, in words and in short, in the order of `AGE_ENDS`."""
_BY_AGE: Final = tuple(Column(name.replace(" ", "_"), short, is_minor=True) for name, short in AGES)
_OF_STATUS: Final = (
    Column("platform", "Platform"), Column("stage", "Stage"), Column("status", "Status"),
)  # fmt: skip


def heading(reader: Reader, span: Span) -> Heading:
    """Return what a report of *span* is about."""
    return Heading(
        "Send Desk report",
        reader.name,
        span.now.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        span.first.isoformat(),
        span.last.isoformat(),
        span.first_before.isoformat(),
        span.days,
    )


def sections(reader: Reader, span: Span) -> Iterator[Section]:
    """Yield the sections of a report one by one, each read when it is asked for.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    sources = Sources(reader, span)
    return (make(sources) for make in SECTIONS)


def _stuck(sources: Sources) -> Section:
    rows = sources.stuck
    by_reason = Counter(row.reason for row in rows)
    limits, overdue = _limits_before(sources), _credits_before(sources)
    before = limits + overdue
    ages = _by_age(rows)
    in_status = sources.in_status()
    return Section(
        "stuck",
        "Stuck now",
        "What the list has as urgency:over,now, put off or not. Before: how many were when the span "
        "began, without reminders.",
        (
            Figure("stuck", "Stuck", len(rows), before.total()),
            Figure("past_limit", "past their limit", by_reason["limit"], limits.total()),
            Figure("credit_overdue", "with a credit overdue", by_reason["credit"], overdue.total()),
            Figure("reminder_over", "with a reminder that is over", by_reason["reminder"], None, False),
            Figure("without_owner", "without an owner", _count(not row.owner for row in rows), None, False),
            Figure("escalated", "escalated", _count(row.is_escalated for row in rows), None, False),
            Figure("put_off", "snoozed or done", _count(row.is_put_off for row in rows), None, False),
            Figure("longest", "longest", _longest(rows), None, False),
        ),
        (Chart("by_age", "By how long", tuple(name for name, _ in AGES), ages),),
        (
            _stuck_by_status(rows, before, in_status),
            _stuck_by_platform(rows, before, in_status),
            _table_by(rows, "campaign", "By campaign", _MOST_CAMPAIGNS, _NO_CAMPAIGN),
            _table_by(rows, "owner", "By owner", _MOST_OWNERS, _NOBODY),
        ),
    )  # fmt: skip


def _stuck_by_status(
    rows: Sequence[StuckSend], before: Counter[StatusKey], in_status: Counter[StatusKey]
) -> Table:
    by_key = _grouped(rows, lambda row: (row.provider, row.status))
    found = by_status({*by_key, *before})
    return Table(
        "by_status", "By stage and status",
        (
            *_OF_STATUS, Column("sends", "Sends"), Column("stuck", "Stuck"), Column("before", "Before"),
            Column("longest", "Longest"), *_BY_AGE,
        ),
        tuple(
            (
                *_named(status), None if status.final else in_status[key],
                len(some := by_key.get(key, [])), before[key], _longest(some), *_by_age(some),
            )
            for status in sorted(found, key=lambda each: _STAGES.index(each.stage))
            for key in [(status.provider, status.slug)]
        ),
        _elsewhere(in_status, {*by_key, *before}),
    )  # fmt: skip


def _stuck_by_platform(
    rows: Sequence[StuckSend], before: Counter[StatusKey], in_status: Counter[StatusKey]
) -> Table:
    by_key = _grouped(rows, lambda row: row.provider)
    platforms = sorted({*by_key, *(provider for provider, _ in (*before, *in_status))})
    return Table(
        "by_platform", "By platform",
        (
            Column("platform", "Platform"), Column("stuck", "Stuck"), Column("before", "Before"),
            Column("longest", "Longest"),
        ),
        tuple(
            (
                _platform(each), len(some := by_key.get(each, [])),
                sum(number for (provider, _), number in before.items() if provider == each),
                _longest(some),
            )
            for each in platforms
        ),
    )  # fmt: skip


def _elsewhere(in_status: Counter[StatusKey], told: set[tuple[str, str]]) -> str:
    """Return how many sends are in the statuses that the table leaves out, in a sentence."""
    others = [number for key, number in in_status.items() if key not in told]
    if not others:
        return ""
    return f"No send is stuck in {len(others):,} other statuses, which hold {sum(others):,}."


def _table_by(rows: Sequence[StuckSend], key: str, title: str, most: int, none: str) -> Table:
    grouped = _grouped(rows, lambda row: getattr(row, key))
    ordered = sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))
    left = len(ordered) - most
    return Table(
        f"by_{key}", title,
        (
            Column(key, key.capitalize()), Column("stuck", "Stuck"),
            Column("longest", "Longest"), *_BY_AGE,
        ),
        tuple(
            (_shown(name) or none, len(some), _longest(some), *_by_age(some))
            for name, some in ordered[:most]
        ),
        _more(left, sum(len(some) for _, some in ordered[most:])),
    )  # fmt: skip


def _more(left: int, sends: int) -> str:
    """Return how many rows a table leaves out, and how many sends they have, in a sentence."""
    return f"{left:,} more with {sends:,} {'send' if sends == 1 else 'sends'}." if left > 0 else ""


def _breaches(sources: Sources) -> Section:
    span = sources.span
    here: list[tuple[str, str]] = []
    there: list[tuple[str, str]] = []
    days: Counter[date] = Counter()
    rows: list[StuckSend | PastBreach] = [*sources.open_breaches, *sources.past_breaches]
    for row in rows:
        if row.due_at >= span.since:
            here.append((row.provider, row.status))
            days[row.due_at.astimezone(UTC).date()] += 1
        elif row.due_at >= span.since_before:
            there.append((row.provider, row.status))
    now, before = Counter(here), Counter(there)
    statuses = sorted(by_status((*now, *before)), key=lambda each: -now[each.provider, each.slug])
    counted = (
        (*_named(status), now[status.provider, status.slug], before[status.provider, status.slug])
        for status in statuses
    )
    return Section(
        "breaches",
        "Limits passed",
        "Sends that came past the limit of their status, by the day on which they did; a send counts "
        "again for each status.",
        (
            Figure("breaches", "Limits passed", now.total(), before.total()),
            Figure(
                "a_day", "a day", now.total() / span.days, before.total() / span.days
            ),
        ),
        (_days_chart(span, days),),
        (
            Table(
                "by_status", "By status",
                (*_OF_STATUS, Column("breaches", "Passed"), Column("before", "Before")),
                tuple(counted),
            ),
        ),
    )  # fmt: skip


def _lengths(sources: Sources) -> Section:
    span, policy = sources.span, sources.policy
    here: dict[tuple[str, str], Counter[int]] = {}
    there: dict[tuple[str, str], Counter[int]] = {}
    first = span.first.toordinal()
    for (day, provider, slug), lengths in sources.stays.lengths.items():
        found = here if day >= first else there
        buckets = found.setdefault((provider, slug), Counter())
        for bucket, number in lengths.items():
            buckets[bucket] += number
    rows = []
    for status in by_status((*here, *there)):
        now, before = (
            each.get((status.provider, status.slug), Counter()) for each in (here, there)
        )
        if now.total() or before.total():
            threshold = None if status.final else policy.thresholds.of(status.provider, status.slug)
            rows.append(
                (
                    *_named(status), now.total(), percentile(now, 0.5), percentile(now, 0.9),
                    threshold.limit.words if threshold else None,
                    before.total(), percentile(before, 0.5), percentile(before, 0.9),
                )
            )  # fmt: skip
    total, total_before = (sum(each.total() for each in found.values()) for found in (here, there))
    return Section(
        "lengths",
        "Time in each status",
        "Stays that ended in the span and whose beginning and end are dated. Medians and 90th "
        f"percentiles are read from a histogram and right to {ACCURACY:.0%}.",
        (Figure("stays", "Stays that ended", total, total_before),),
        (),
        (
            Table(
                "by_status", "By status",
                (
                    *_OF_STATUS, Column("stays", "Stays"), Column("median", "Median"),
                    Column("p90", "90%"), Column("limit", "Limit"), Column("before", "Stays before", is_minor=True),
                    Column("median_before", "Median before"), Column("p90_before", "90% before"),
                ),
                tuple(rows),
            ),
        ),
    )  # fmt: skip


def _answers(sources: Sources) -> Section:
    span = sources.span
    found = answered(sources.open_breaches, sources.past_breaches, sources.deeds)
    here = [each for each in found if each.due_at >= span.since]
    there = [each for each in found if span.since_before <= each.due_at < span.since]
    ended = [each for each in found if each.ended_at and each.ended_at >= span.since]
    ended_before = [
        each for each in found if each.ended_at and span.since_before <= each.ended_at < span.since
    ]
    reopened: Counter[bool] = Counter()
    for (day, *_), number in sources.stays.reopened.items():
        reopened[day >= span.first.toordinal()] += number
    first, first_before = _responses(here), _responses(there)
    whole, whole_before = _resolutions(ended), _resolutions(ended_before)
    by_key = _grouped(here, lambda each: (each.provider, each.status))
    ended_by_key = _grouped(ended, lambda each: (each.provider, each.status))
    rows = []
    for status in by_status((*by_key, *ended_by_key)):
        key = (status.provider, status.slug)
        some, over = by_key.get(key, []), ended_by_key.get(key, [])
        quick, slow = _responses(some), _resolutions(over)
        rows.append(
            (
                *_named(status), len(some), len(quick), nearest_rank(quick, 0.5),
                nearest_rank(quick, 0.9), len(over), nearest_rank(slow, 0.5), nearest_rank(slow, 0.9),
            )
        )  # fmt: skip
    return Section(
        "answers",
        "First response and time to resolve",
        "From when a send came past its limit: until an agent first did something about it, and until "
        "its status changed. Reopened are sends that had ended and went on.",
        (
            Figure("first_response", "First response, median", nearest_rank(first, 0.5), nearest_rank(first_before, 0.5)),
            Figure("first_response_p90", "90% within", nearest_rank(first, 0.9), nearest_rank(first_before, 0.9)),
            Figure("unanswered", "without a response yet", _waiting(here), _waiting(there)),
            Figure("by_itself", "resolved without an agent", _alone(ended), _alone(ended_before)),
            Figure("resolved", "Resolved", len(ended), len(ended_before)),
            Figure("resolve", "Time to resolve, median", nearest_rank(whole, 0.5), nearest_rank(whole_before, 0.5)),
            Figure("resolve_p90", "90% within", nearest_rank(whole, 0.9), nearest_rank(whole_before, 0.9)),
            Figure("reopened", "Reopened", reopened[True], reopened[False]),
        ),
        (),
        (
            Table(
                "by_status", "By status",
                (
                    *_OF_STATUS, Column("breaches", "Passed"), Column("answered", "Answered"),
                    Column("first_response", "First response"), Column("first_response_p90", "90%", is_minor=True),
                    Column("resolved", "Resolved"), Column("resolve", "To resolve"),
                    Column("resolve_p90", "90%", is_minor=True),
                ),
                tuple(rows),
            ),
        ),
    )  # fmt: skip


def _handled(sources: Sources) -> Section:
    span = sources.span
    here, there = work(sources.deeds, span.since)
    verbs = here.verbs
    rows: list[tuple[Value, ...]] = [
        (
            _shown(agent), len(here.sends[agent]), here.deeds[agent].total(), len(there.sends[agent]),
            *(here.deeds[agent][verb] for verb in verbs),
        )
        for agent in here.agents
    ]  # fmt: skip
    return Section(
        "handled",
        "Who handled what",
        "What agents did, undone or not, and to how many different sends.",
        (
            Figure("sends", "Sends handled", here.all_sends, there.all_sends),
            Figure("deeds", "Actions", here.total, there.total),
            Figure("agents", "Agents", len(here.agents), len(there.agents)),
        ),
        (),
        (
            Table(
                "by_agent", "By agent",
                (
                    Column("agent", "Agent"), Column("sends", "Sends"), Column("deeds", "Actions"),
                    Column("sends_before", "Sends before", is_minor=True), *(Column(verb, verb, is_minor=True) for verb in verbs),
                ),
                tuple(rows),
            ),
        ),
    )  # fmt: skip


SECTIONS: tuple[Callable[[Sources], Section], ...] = (
    _stuck, _breaches, _lengths, _answers, _handled, credits_section,
)  # fmt: skip
"""What makes each section, in their order."""


def _limits_before(sources: Sources) -> Counter[StatusKey]:
    """Return how many sends were past the limit of each status when the span began, as is known today."""
    moment = sources.span.since
    still = (row for row in sources.open_breaches if row.due_at < moment)
    over = (row for row in sources.past_breaches if row.due_at < moment < row.ended_at)
    rows: list[StuckSend | PastBreach] = [*still, *over]
    return Counter((row.provider, row.status) for row in rows)


def _credits_before(sources: Sources) -> Counter[StatusKey]:
    """Return how many credits were overdue then, by the status of their sends."""
    overdue = (each for each in sources.credits_before if each.due_at < sources.span.since)
    return Counter((each.provider, each.status) for each in overdue)


def _days_chart(span: Span, days: Counter[date]) -> Chart:
    step = 1 if span.days <= _MOST_BARS else 7 if span.days <= 7 * _MOST_BARS else 30
    # Counted from today, so that only the first bar may have fewer days than the others.
    ends = [span.last - timedelta(days=step * place) for place in range(-(-span.days // step))]
    bars: Counter[date] = Counter()
    for day, number in days.items():
        bars[span.last - timedelta(days=(span.last - day).days // step * step)] += number
    ends.reverse()
    what = {1: "day", 7: "week, by its last day", 30: "30 days, by the last"}[step]
    return Chart(
        "by_day", f"By {what}", tuple(ends), tuple(bars[end] for end in ends), True
    )  # fmt: skip


def _responses(some: Iterable[Answered]) -> list[timedelta]:
    return [each.first_at - each.due_at for each in some if each.first_at]


def _resolutions(some: Iterable[Answered]) -> list[timedelta]:
    return [each.ended_at - each.due_at for each in some if each.ended_at]


def _waiting(some: Iterable[Answered]) -> int:
    return _count(each.ended_at is None and each.first_at is None for each in some)


def _alone(some: Iterable[Answered]) -> int:
    return _count(each.first_at is None for each in some)


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _by_age(rows: Iterable[StuckSend]) -> tuple[int, ...]:
    counts = Counter(row.age for row in rows)
    return tuple(counts[place] for place in range(len(AGES)))


def _longest(rows: Iterable[StuckSend]) -> timedelta | None:
    return max((row.over_for for row in rows), default=None)


def _count(conditions: Iterable[bool]) -> int:
    return sum(conditions)


def _named(status: Status) -> tuple[str, str, str]:
    return _platform(status.provider), status.stage.value, status.label


def _platform(provider: str) -> str:
    return catalogue.provider(provider).name


def _shown(name: str) -> str:
    return display_text(name, _NAME_SHOWN)
