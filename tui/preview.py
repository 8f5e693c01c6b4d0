"""What changes would do to several sends, before they are made: for the desk and the command line alike."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from models.records import SendRecord
from models.rules.judging import Verdict
from tui.verbs import Change, Words

if TYPE_CHECKING:
    from models.desk import Desk

Chosen = Sequence[SendRecord]
Changes = Sequence[tuple[Change[Any], Chosen]]
"""What is to be written to which sends; each send occurs once."""
Step = tuple[str, str]
"""What of a send is changed, which may be empty, and what becomes of that."""


class Judged(NamedTuple):
    """One send, what is to be done to it, and what the rules say."""

    change: Change[Any]
    send: SendRecord
    verdict: Verdict
    step: Step
    """What becomes of what."""


class Preview:
    """Several sends, sorted by what the rules say about them.

    Attributes:
        all: All of them, in their order.
        usual: Those about which there is nothing to say.
        unusual: Those that an agent may want to leave out.
        refused: Those to which nothing can be written.
    """

    def __init__(self, judged: Iterable[Judged]) -> None:
        self.all = tuple(judged)
        self.usual: list[Judged] = []
        self.unusual: list[Judged] = []
        self.refused: list[Judged] = []
        for each in self.all:
            verdict = each.verdict
            if not verdict.reasons:
                self.usual.append(each)
            else:
                (self.refused if verdict.is_refused else self.unusual).append(each)

    @property
    def possible(self) -> list[Judged]:
        """Those that can be written, the unusual ones too, in their order."""
        return [each for each in self.all if not each.verdict.is_refused]


def preview_of(
    desk: "Desk", changes: Changes, words: Words, *, changed: Iterable[int] = ()
) -> Preview:
    """Return what *changes* would do; nothing is read or written.

    Args:
        desk: Whose rules hold, for its agent at this moment.
        changes: What is to be done to which sends, as they are now.
        words: Says when a moment is.
        changed: The ids of sends that somebody else has changed since the agent chose them.
    """
    gone_on = frozenset(changed)
    judged = []
    for change, sends in changes:
        verdicts = desk.judge(sends, change.operation)
        for send, verdict in zip(sends, verdicts, strict=True):
            found = _also_changed(verdict) if send.id in gone_on else verdict
            judged.append(Judged(change, send, found, change.step(send, words)))
    return Preview(judged)


def _also_changed(verdict: Verdict) -> Verdict:
    if verdict.is_refused:
        return verdict
    return verdict._replace(reasons=(*verdict.reasons, "changed since you chose it"))


def steps(judged: Iterable[Judged]) -> list[tuple[Step, int]]:
    """Return what becomes of what, each with how many sends it is, the commonest first."""
    return Counter(each.step for each in judged).most_common()


def reasons(judged: Iterable[Judged]) -> list[tuple[str, int]]:
    """Return why sends are unusual or refused, each with how many they are, the commonest first.

    A send can have several reasons.
    """
    return Counter(why for each in judged for why in each.verdict.reasons).most_common()


def forced(judged: Sequence[Judged]) -> list[Judged]:
    """Return *judged* with the leave to take the steps outside the usual lifecycle, if there are any."""
    if not any(each.verdict.needs_force for each in judged):
        return list(judged)
    return [each._replace(change=each.change.forced(True)) for each in judged]


def by_change(judged: Iterable[Judged]) -> list[tuple[Change[Any], list[Judged]]]:
    """Return the changes in *judged*, each with those that it is made to."""
    found: dict[Change[Any], list[Judged]] = {}
    for each in judged:
        found.setdefault(each.change, []).append(each)
    return list(found.items())
