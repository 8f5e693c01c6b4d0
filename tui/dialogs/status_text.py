"""The texts of the status dialog: letters for statuses, the step to the new status, its warning."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from string import ascii_lowercase

from textual.content import Content

from models.providers import catalogue
from models.providers.status import Stage, Status
from models.records import SendRecord
from models.rules.judging import is_usual
from tui.style.formats import mark
from tui.widgets.pick_list import Pick
from tui.widgets.styled_text import QUIET, colour, safe_text, stacked

_MOVES = "jk"
"""Letters that move the cursor and so choose nothing."""
_ROWS = 6
_TARGETS = 9
_STAGES = {
    Stage.WAITING: "Waiting on the recipient",
    Stage.WORKING: "At the platform or warehouse",
    Stage.MOVING: "In transit",
    Stage.DONE: "Arrived",
    Stage.PROBLEM: "Needs a person",
    Stage.CLOSED: "Ended without arriving",
}


def letters(labels: Iterable[str]) -> list[str]:
    """Give each label a letter of its own, taken from its own letters where one is free."""
    free = [letter for letter in ascii_lowercase if letter not in _MOVES]
    given: list[str] = []
    for label in labels:
        initials = [word[0] for word in label.lower().split()]
        wanted = [letter for letter in (*initials, *label.lower(), *free) if letter in free]
        if not wanted:
            break
        free.remove(wanted[0])
        given.append(wanted[0])
    return given


def sign(status: Status, *, ascii: bool) -> Content:
    """Return glyph and label of *status*, the glyph in its colour."""
    found = mark(status, ascii)
    return Content.assemble((found.glyph, colour(found.tone)), (f" {status.label}", "$text"))


def common_statuses(sends: Sequence[SendRecord]) -> dict[str, Status]:
    """Return the statuses that all platforms of *sends* know by one name, by that name.

    They are those of the first platform, with its signs.
    """
    first, *others = dict.fromkeys(send.provider for send in sends)
    return {
        status.label: status
        for status in catalogue.STATUSES[first].values()
        if all(catalogue.resolve(other, status.label) for other in others)
    }


def usual_targets(sends: Sequence[SendRecord]) -> tuple[Status, ...]:
    """Return what usually follows, the commonest over all *sends* first.

    Of several platforms these are the statuses that all of them know.
    """
    common = common_statuses(sends) if _are_of_several(sends) else None
    provider = sends[0].provider
    counted: defaultdict[str, float] = defaultdict(float)
    for (of, slug, kind), number in Counter(
        (send.provider, send.status, send.type) for send in sends
    ).items():
        for place, status in enumerate(catalogue.may_follow(of, slug, kind)):
            if common is None:
                counted[status.slug] += number / (place + 1)
            elif status.label in common:
                counted[common[status.label].slug] += number / (place + 1)
    ranked = sorted(counted, key=lambda slug: -counted[slug])
    found = [catalogue.status(provider, slug) for slug in ranked[:_TARGETS]]
    return tuple(found or (common or {}).values())


def every_target(sends: Sequence[SendRecord], *, ascii: bool) -> list[Pick]:
    """Return every status of the sends' platform that their types have, by stage.

    Of several platforms these are all their statuses; one that not all of them know says who does.
    """
    types = {send.type for send in sends}
    several = _are_of_several(sends)
    statuses: dict[str, Status] = {}
    knowers: defaultdict[str, list[str]] = defaultdict(list)
    for provider in dict.fromkeys(send.provider for send in sends):
        for status in catalogue.STATUSES[provider].values():
            if types & set(status.types):
                key = status.label if several else status.slug
                statuses.setdefault(key, status)
                knowers[key].append(catalogue.provider(provider).name)
    all_of_them = max(map(len, knowers.values()), default=1)
    order = list(_STAGES)
    return [
        Pick(
            key,
            sign(status, ascii=ascii) + _only(knowers[key], all_of_them),
            "\n".join((status.label, status.slug, *status.aliases)),
            _STAGES[status.stage],
        )
        for key, status in sorted(statuses.items(), key=lambda item: order.index(item[1].stage))
    ]


def _only(knowers: Sequence[str], all_of_them: int) -> Content:
    """Return which platforms know a status, where not all of them do."""
    if len(set(knowers)) >= all_of_them:
        return Content()
    return Content.styled(f"   {', '.join(knowers)} only", QUIET)


def _are_of_several(sends: Sequence[SendRecord]) -> bool:
    return len({send.provider for send in sends}) > 1


def unusual(sends: Sequence[SendRecord], target: Status) -> int:
    """Return for how many *sends* the step to *target* is outside the usual lifecycle."""
    return sum(not is_usual(send, each) for send, each in _known(sends, target))


def _known(sends: Sequence[SendRecord], target: Status) -> Iterator[tuple[SendRecord, Status]]:
    """Yield the sends whose platforms know *target*, each with what it is called there."""
    for send in sends:
        same = send.provider == target.provider
        found = target if same else catalogue.resolve(send.provider, target.label, send.type)
        if found is not None:
            yield send, found


def starting_points(sends: Sequence[SendRecord], *, ascii: bool) -> Content:
    """Return how many of the sends have which status, the commonest first."""
    counted = Counter((send.provider, send.status) for send in sends).most_common()
    if len(sends) == 1:
        now = sign(catalogue.status(sends[0].provider, sends[0].status), ascii=ascii)
        return Content.assemble(("Now".ljust(10), QUIET), now)
    several = _are_of_several(sends)
    lines = [
        Content.assemble(
            (f"{number:>7,} × ", QUIET),
            sign(catalogue.status(provider, slug), ascii=ascii),
            (f"   {catalogue.provider(provider).name}" if several else "", QUIET),
        )
        for (provider, slug), number in counted[:_ROWS]
    ]
    if len(counted) > _ROWS:
        lines.append(Content.styled(f"        and {len(counted) - _ROWS} more statuses", QUIET))
    return stacked(lines)


def step(sends: Sequence[SendRecord], target: Status, *, ascii: bool) -> Content:
    """Return before → after, and whether it is a usual step."""
    arrow = " > " if ascii else " → "
    off = unusual(sends, target)
    if len(sends) == 1:
        before = sign(catalogue.status(target.provider, sends[0].status), ascii=ascii)
        said = "outside the usual lifecycle" if off else "a usual step"
        if sends[0].status == target.slug:
            said = "as it is; the override holds against the platform"
    else:
        before = Content(f"{len(sends):,} sends")
        known = list(_known(sends, target))
        said = f"{off:,} of them outside the usual lifecycle" if off else "usual steps"
        there = sum(send.status == each.slug for send, each in known)
        said += f", {there:,} already there" if there else ""
        unknown = len(sends) - len(known)
        said += f", {unknown:,} cannot have it" if unknown else ""
    style = "$text-warning" if off else QUIET
    return Content.assemble(
        before, (arrow, QUIET), sign(target, ascii=ascii), (f"   {said}", style)
    )


def question(send: SendRecord, target: Status) -> Content:
    """Return the second question before a step outside the lifecycle."""
    now = catalogue.status(target.provider, send.status).label
    said = f" does not usually go from {now} to {target.label}."
    return stacked([safe_text(send.ref, "bold") + said, "Set it all the same?"])
