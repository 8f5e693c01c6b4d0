"""The top line of the desk: the view, how many sends need an agent, and how fresh the list is."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from models.reading.counts import Count
from tui.style.glyphs import plain
from tui.widgets.bindings import keys_of
from tui.widgets.styled_text import QUIET, STRONG, joined, justified, safe_text


def number(count: Count | None) -> str:
    """Return *count* as the desk writes numbers; one that is not known yet is `…`."""
    if count is None:
        return "…"
    return f"{count.value:,}{'' if count.exact else '+'}"


def short_number(count: Count | None) -> str:
    """Return *count* in at most six cells: `312`, `9,412`, `48.2k`, `1.00M`."""
    if count is None:
        return "…"
    value = count.value
    if value < 10_000:
        return number(count)
    for limit, unit in ((1_000_000, "k"), (1_000_000_000, "M")):
        if value < limit:
            scaled = value / (limit / 1000)
            digits = 2 if scaled < 10 else 1 if scaled < 100 else 0
            return f"{scaled:.{digits}f}{unit}{'' if count.exact else '+'}"
    return number(count)


_READ_ONLY = "read-only"


class DeskHeader(Widget):
    """Shows the view, its urgent count, the total, the state of the data, the agent, the desk and the time zone."""

    view: reactive[str] = reactive("")
    """The name of the view that is open."""
    waiting: reactive[Count | None] = reactive(None)
    """How many sends need an agent."""
    total: reactive[Count | None] = reactive(None)
    state: reactive[str] = reactive("opening…")
    """How fresh the list is: `live`, `2m old`, `opening…`."""
    fresh: reactive[bool] = reactive(False)
    """Whether what is on the screen is what the database holds."""
    platforms: reactive[str] = reactive("")
    """How fresh the platforms are: `synced Goody 3m, Sendoso 9m ago`; empty if none was ever synced."""
    platforms_brief: reactive[str] = reactive("")
    """The same of the one that needs it most, where there is no room for all: `Sendoso 9m ago`."""
    late: reactive[bool] = reactive(False)
    """Whether a platform should have been synced by now, and was not."""
    syncing: reactive[str] = reactive("")
    """How far a sync of this desk is: `Goody: orders 1,200 of 5,000`."""
    news: reactive[str] = reactive("")
    """What has come into triage by itself: `3 back from snooze ↑`."""
    agent: reactive[str] = reactive("")
    desk: reactive[str] = reactive("")
    """The display name of the database."""
    zone: reactive[str] = reactive("")
    """The time zone of every moment on the screen."""
    read_only: reactive[bool] = reactive(False)
    as_of: reactive[str] = reactive("")
    """The moment of the past that is shown: `Tue 01 Dec 17:00`; empty for the present."""

    def __init__(self, *, ascii: bool = False) -> None:
        super().__init__()
        self._ascii = ascii

    def render(self) -> Content:
        """Return the line; on a narrow screen some of it goes.

        First goes the total, then all platforms but one, then agent and desk, then the zone, then
        how fresh that one is, unless that needs somebody, and last the name of the program.
        """
        if self.as_of:
            return self._past()
        zone = safe_text(self.zone, QUIET, limit=40)
        agent = safe_text(self.agent, QUIET, limit=40)
        who = joined([agent, safe_text(self.desk, QUIET, limit=60), zone])
        all_platforms, one, none = self._synced()
        left = self._left(one)
        choices = [
            (self._left(all_platforms, total=True), who), (self._left(all_platforms), who),
            (left, who), (left, zone), (left, Content()),
            (self._left(none), zone), (self._left(none), Content()),
            (self._left(none, named=False), Content()),
        ]  # fmt: skip
        marked = [(each, self._marked(right)) for each, right in choices]
        fitting = (
            (each, right)
            for each, right in marked
            if each.cell_length + right.cell_length + 2 <= self.size.width
        )
        return justified(*next(fitting, marked[-1]), self.size.width)

    def watch_as_of(self) -> None:
        """Mark the whole line while the past is shown."""
        self.set_class(bool(self.as_of), "-past")

    def _past(self) -> Content:
        """Return the line of a past desk; its mark stays, whatever has room beside it."""
        keys = keys_of(self.app).fill("{desk.back} or {desk.palette}now comes back")
        said = (
            "as it was ",
            safe_text(self.as_of, STRONG, limit=40),
            " · ",
            _READ_ONLY,
            f" · {keys}",
        )
        mark = Content.assemble(*said).stylize("$text-warning")
        view = safe_text(self.view, STRONG, limit=40)
        facts = (view, self._waiting(), self._count(), safe_text(self.zone, QUIET, limit=40))
        choices = [joined([mark, *facts[:end]]) for end in range(len(facts), -1, -1)]
        return next((each for each in choices if each.cell_length <= self.size.width), mark)

    def _marked(self, right: Content) -> Content:
        """Return *right* behind the sign of a desk that is only read, if it is one."""
        if not self.read_only:
            return right
        return Content.assemble((_READ_ONLY, "bold $text-warning"), "   " if right else "", right)

    def _left(self, synced: list[Content], *, total: bool = False, named: bool = True) -> Content:
        sign = plain("●" if self.fresh else "○", self._ascii)
        tone = "$text-success" if self.fresh else "$text-warning"
        state = Content.assemble((sign, tone), " ", safe_text(self.state, QUIET, limit=60))
        news = safe_text(self.news, "$text-accent", limit=80)
        counts = [self._waiting(), self._count()] if total else [self._waiting()]
        facts = [*counts, state, *synced, news]
        name = (("Send Desk", "bold $text-primary"), "   ") if named else ()
        return Content.assemble(
            *name,
            safe_text(self.view, STRONG, limit=40),
            "  ",
            Content.styled("  ·  ", QUIET).join([fact for fact in facts if fact]),
        )

    def _synced(self) -> tuple[list[Content], list[Content], list[Content]]:
        """Return how fresh the platforms are: of all, of one, and what of it always has to be said."""
        if self.syncing:
            now = [safe_text(self.syncing, "$text-accent", limit=60)]
            return now, now, now
        tone = "$text-warning" if self.late else QUIET
        full, brief = (
            [safe_text(each, tone, limit=60)] for each in (self.platforms, self.platforms_brief)
        )
        return full, brief, brief if self.late else []

    def _count(self) -> Content:
        noun = "send" if self.total == Count(1) else "sends"
        return Content.styled(f"{number(self.total)} {noun}", QUIET)

    def _waiting(self) -> Content:
        if self.waiting is None:
            return Content.styled("…", QUIET)
        if not self.waiting.value:
            return Content.styled("nothing waits for an agent", "$text-success")
        verb = "needs" if self.waiting.value == 1 else "need"
        return Content.styled(f"{number(self.waiting)} {verb} an agent", "$text-error")
