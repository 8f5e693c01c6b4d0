"""The texts of the status dialog: letters for statuses, the step to the new status, its warning."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from string import ascii_lowercase

from textual.content import Content

from models.providers import catalogue
from models.providers.status import Stage, Status
from models.records import SendRecord
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


def usual_targets(sends: Sequence[SendRecord]) -> tuple[Status, ...]:
    """Return what usually follows, the commonest over all *sends* first."""
    counted: defaultdict[str, float] = defaultdict(float)
    for (slug, kind), number in Counter((send.status, send.type) for send in sends).items():
        for place, status in enumerate(catalogue.may_follow(sends[0].provider, slug, kind)):
            counted[status.slug] += number / (place + 1)
    provider = sends[0].provider
    ranked = sorted(counted, key=lambda slug: -counted[slug])
    return tuple(catalogue.status(provider, slug) for slug in ranked[:_TARGETS])


def every_target(sends: Sequence[SendRecord], *, ascii: bool) -> list[Pick]:
    """Return every status of the sends' platform that their types have, by stage."""
    types = {send.type for send in sends}
    statuses = [
        status
        for status in catalogue.STATUSES[sends[0].provider].values()
        if types & set(status.types)
    ]
    order = list(_STAGES)
    return [
        Pick(
            status.slug,
            sign(status, ascii=ascii),
            "\n".join((status.label, status.slug, *status.aliases)),
            _STAGES[status.stage],
        )
        for status in sorted(statuses, key=lambda status: order.index(status.stage))
    ]


def unusual(sends: Sequence[SendRecord], target: Status) -> int:
    """Return for how many *sends* the step to *target* is outside the usual lifecycle."""
    return sum(
        target not in catalogue.may_follow(send.provider, send.status, send.type)
        for send in sends
        if send.status != target.slug
    )


def starting_points(sends: Sequence[SendRecord], *, ascii: bool) -> Content:
    """Return how many of the sends have which status, the commonest first."""
    counted = Counter(send.status for send in sends).most_common()
    provider = sends[0].provider
    if len(sends) == 1:
        now = sign(catalogue.status(provider, sends[0].status), ascii=ascii)
        return Content.assemble(("Now".ljust(10), QUIET), now)
    lines = [
        Content.assemble(
            (f"{number:>7,} × ", QUIET), sign(catalogue.status(provider, slug), ascii=ascii)
        )
        for slug, number in counted[:_ROWS]
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
        said = f"{off:,} of them outside the usual lifecycle" if off else "usual steps"
        there = sum(send.status == target.slug for send in sends)
        said += f", {there:,} already there" if there else ""
    style = "$text-warning" if off else QUIET
    return Content.assemble(
        before, (arrow, QUIET), sign(target, ascii=ascii), (f"   {said}", style)
    )


def question(sends: Sequence[SendRecord], target: Status) -> Content:
    """Return the second question before a step outside the lifecycle."""
    off = unusual(sends, target)
    if len(sends) == 1:
        now = catalogue.status(target.provider, sends[0].status).label
        who = safe_text(sends[0].ref, "bold")
        said = f" does not usually go from {now} to {target.label}."
    else:
        who = Content.styled(f"{off:,} of {len(sends):,} sends", "bold")
        said = f" do not usually go to {target.label} from where they are."
    return stacked([who + said, "Set it all the same?"])
