"""Counts, facets and empty lists in the words and shapes that the widgets show."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from models.providers import PROVIDERS, catalogue
from models.reading.counts import Count
from models.reading.facet_counts import FACETS, Facets, FacetValue
from models.records import SendRecord, Urgency
from models.rules.batches import who
from models.rules.send_columns import COLUMNS, DEFAULT_SORT
from models.rules.views import VIEWS, View
from tui.keys import Keys
from tui.style.formats import age, mark
from tui.style.glyphs import Tone
from tui.widgets.rail import RailFacet, RailGroup
from tui.widgets.view_tabs import ViewTab

if TYPE_CHECKING:
    from models.desk import Desk
    from models.query import Query
    from tui.dialogs.facets import FacetGroup

_STATUSES_SHOWN = 8
_URGENCIES: dict[str, tuple[str, Tone, str]] = {
    "over": ("▲", "error", "past limit"),
    "now": ("!", "error", "contact now"),
    "soon": ("◔", "warning", "due in 48 h"),
    "ok": (" ", "muted", "within limit"),
    "none": (" ", "muted", "no limit"),
}
_TONES: dict[str, Tone] = {"now": "error", "over": "error", "soon": "warning"}


def tone_of(urgency: Urgency) -> Tone:
    """Return the colour in which advice of this urgency is given."""
    return _TONES.get(urgency, "muted")


def view_tabs(views: Iterable[View], counts: Mapping[str, Count]) -> tuple[ViewTab, ...]:
    """Return *views* with their counts, as far as they are known."""
    return tuple(
        ViewTab(view.digit, view.name, counts.get(view.name), urgent=view is VIEWS[0])
        for view in views
    )


def sort_shown(query: "Query") -> tuple[str, bool]:
    """Return the sort key of *query*, and whether it descends."""
    return query.sort[0] if query.sort else (DEFAULT_SORT, False)


def columns_without_use(query: "Query") -> tuple[str, ...]:
    """Return the columns in which the rows of *query* cannot differ: batches have no company.

    The names of batches stand in the place of a recipient.
    """
    from models.query import is_of_batches

    return ("company", "campaign", "type") if is_of_batches(query) else ()


def facet_label(key: str, value: str) -> str:
    """Return what agents call a value of a facet."""
    match key:
        case "status":
            return catalogue.status(*value.split(":", 1)).label
        case "type":
            return next((each.types[value] for each in PROVIDERS if value in each.types), value)
        case "platform":
            return next((each.name for each in PROVIDERS if each.key == value), value)
        case "urgency":
            return _URGENCIES[value][2]
        case "owner":
            return value or "nobody"
        case _:
            return value


def facet_labels(key: str, values: Iterable[str]) -> dict[str, str]:
    """Return what agents call each of *values*; the platform tells apart statuses that share a name."""
    labels = {value: facet_label(key, value) for value in values}
    if key == "status":
        often = Counter(labels.values())
        for value, label in labels.items():
            if often[label] > 1:
                platform = facet_label("platform", value.partition(":")[0])
                labels[value] = f"{label} · {platform}"
    return labels


def facet_mark(key: str, value: str, *, ascii: bool) -> tuple[str, Tone]:
    """Return the sign and colour of a value of a facet."""
    if key == "status":
        found = mark(catalogue.status(*value.split(":", 1)), ascii)
        return found.glyph, found.tone
    if key == "urgency":
        return _URGENCIES[value][:2]
    return "", "text"


def rail_groups(facets: Facets, query: "Query", *, me: str, ascii: bool) -> tuple[RailGroup, ...]:
    """Return the groups of the rail: urgency, the commonest statuses, types."""
    from models.query import values_of

    groups = []
    for key, most in (("urgency", 5), ("status", _STATUSES_SHOWN), ("type", 6)):
        values: tuple[FacetValue, ...] = getattr(facets, key)
        chosen = values_of(query, key, me)
        labels = facet_labels(key, (value.value for value in values))
        shown = []
        for value in values[:most]:
            sign, tone = facet_mark(key, value.value, ascii=ascii)
            label = labels[value.value]
            is_chosen = value.value in chosen
            shown.append(RailFacet(key, value.value, label, value.count, sign, tone, is_chosen))
        groups.append(RailGroup(COLUMNS[key].title.upper(), tuple(shown), len(values) - len(shown)))
    return tuple(group for group in groups if group.facets)


def picker_groups(facets: Facets, *, ascii: bool) -> "tuple[FacetGroup, ...]":
    """Return every value of every facet for the picker."""
    from tui.dialogs.facets import FacetChoice, FacetGroup

    groups = []
    for key in FACETS:
        choices = []
        values: tuple[FacetValue, ...] = getattr(facets, key)
        labels = facet_labels(key, (value.value for value in values))
        for value in values:
            sign, tone = facet_mark(key, value.value, ascii=ascii)
            choice = FacetChoice(value.value, labels[value.value], value.count, sign, tone)
            choices.append(choice)
        groups.append(FacetGroup(key, COLUMNS[key].title, tuple(choices)))
    return tuple(groups)


def too_many_to_mark(count: int) -> str:
    """Return why *count* sends were not marked, and what serves so many."""
    return f"{count:,} sends are too many to mark: narrow the filter, or use senddesk set --query."


def nothing_here(desk: "Desk", view: View, query: "Query", keys: Keys) -> str:
    """Return why the list is empty and which of *keys* to press next; asks the database."""
    if not desk.total():
        return no_sends_yet()
    if str(query) != str(desk.parse(view.query)):
        back, filter_, pick = map(
            keys.shown, ("desk.reset_filter", "desk.filter", "desk.pick_values")
        )
        return (
            f"No send matches  {query}\n\n"
            f"{back}  back to {view.name}     {filter_}  change the filter     {pick}  pick values"
        )
    if view is VIEWS[0]:
        return nothing_in_triage(desk.next_due(), desk.now(), keys)
    return f"Nothing in {view.name}.\n\n{keys.fill('{view.1}  Triage     {view.0}  every send')}"


def no_sends_yet() -> str:
    """Return what an empty desk shows: how sends come to it."""
    return (
        "No sends yet.\n\n"
        f"senddesk import FILE   imports an export of {catalogue.provider_names()}\n"
        "senddesk demo          opens a made-up desk"
    )


def nothing_in_triage(following: SendRecord | None, now: datetime, keys: Keys) -> str:
    """Return that nothing needs an agent, and which of *keys* to press next.

    Args:
        following: The send that needs an agent next, if time alone brings one there.
        now: The present, in UTC.
        keys: The keys as the agent has them.
    """
    ahead = ""
    if following is not None and following.triage_at is not None:
        ahead = f" Next, in {age(following.triage_at - now)}: {following.ref} {who(following)}"
    pick = keys.fill("{view.0}  every send     {desk.pick_values}  pick a status")
    return f"Nothing needs an agent.{ahead}\n\n{pick}"
