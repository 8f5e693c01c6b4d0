"""The columns of a send: what each is called, and by what it is sorted, exported and filtered.

Everything that shows or reads a column by name takes it from its row here: the list, the table of the
command line, the sort menu, `sort:` and its help, the filter picker. How the list draws a cell stands
in `tui.widgets.sends.columns`, under the same key.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from models.providers import PROVIDERS
from models.records import SendRecord
from models.rules.batches import who

DEFAULT_SORT = "due"
"""The sort key of a list that asks for no order: the most overdue sends first."""
_PROVIDERS = {provider.key: provider for provider in PROVIDERS}


class Sort(NamedTuple):
    """How a list is sorted by a column. A migration makes an index in exactly this order."""

    key: str
    """The word behind `sort:`."""
    help: str
    """The order in a few words, for completion."""
    column: str
    """The column of the table `send`."""
    ignores_case: bool = False
    then: str = ""
    """The column that orders the sends that have the same value, where those are thousands."""
    in_menu: bool = False
    """Whether the sort menu offers it."""
    falls: bool = False
    """Whether what the list shows becomes less in this order: the oldest has the highest age."""
    only_of: str = ""
    """The flag of the sends that have a value, where those are few. There is no index of all sends then:
    of a list with this flag all ids are read, by the index of the flag, and sorted."""
    shown_as: str = ""
    """The column of the list that shows it, where that is another one."""
    older_key: str = ""
    """What earlier releases wrote behind `sort:`; it is read still, and no more written."""


class Column(NamedTuple):
    """What one column of a send is."""

    key: str
    title: str
    """Its heading in the list and the table, and its name in the menus."""
    field: str
    """Its name in exports: one of `models.files.fields.EXPORT_FIELDS`."""
    filter: str
    """The key of the filter language that asks for it."""
    sort: Sort | None = None
    is_facet: bool = False
    """Whether its values are counted and offered by the filter picker."""
    in_list: bool = True
    text: Callable[[SendRecord], str] | None = None
    """What it says about a send, not yet safe to show; None if its cell depends on more."""


def _provider_name(send: SendRecord) -> str:
    return _PROVIDERS[send.provider].name if send.provider in _PROVIDERS else send.provider


def _type_name(send: SendRecord) -> str:
    types = _PROVIDERS[send.provider].types if send.provider in _PROVIDERS else {}
    return types.get(send.type, send.type)


_ROWS = (
    Column(
        "due", "Due", field="due_at", filter="due",
        sort=Sort("due", "limit, the most overdue first", "due_at", in_menu=True),
    ),
    Column(
        "age", "Age", field="age", filter="age",
        sort=Sort(
            "age", "time in status, the longest first", "since",
            in_menu=True, falls=True, older_key="since",
        ),
    ),
    Column(
        "created", "Created", field="created_at", filter="created",
        sort=Sort("created", "creation, the oldest first", "created_at", in_menu=True),
    ),
    Column(
        "status", "Status", field="status", filter="status", is_facet=True,
        sort=Sort("status", "status", "status", then="due_at", in_menu=True),
    ),
    Column(
        "recipient", "Recipient", field="recipient_name", filter="recipient",
        sort=Sort("recipient", "name of the recipient", "recipient_name", ignores_case=True, in_menu=True),
        text=who,
    ),
    Column(
        "email", "Email", field="recipient_email", filter="email", in_list=False,
        sort=Sort("email", "email of the recipient", "recipient_email", ignores_case=True),
    ),
    Column(
        "company", "Company", field="company", filter="company",
        sort=Sort("company", "company", "company", ignores_case=True, in_menu=True),
        text=lambda send: send.company,
    ),
    Column(
        "campaign", "Campaign", field="campaign", filter="campaign",
        sort=Sort("campaign", "campaign", "campaign", ignores_case=True, in_menu=True),
        text=lambda send: send.campaign,
    ),
    Column(
        "owner", "Owner", field="owner", filter="owner", is_facet=True,
        sort=Sort("owner", "owner", "owner", then="due_at", in_menu=True),
        text=lambda send: send.owner,
    ),
    Column(
        "type", "Type", field="type", filter="type", is_facet=True,
        sort=Sort("type", "kind of send", "type"),
        text=_type_name,
    ),
    Column(
        "platform", "Platform", field="provider", filter="platform", is_facet=True,
        sort=Sort("platform", "platform", "provider", then="external_id", older_key="provider"),
        text=_provider_name,
    ),
    Column(
        "id", "Id", field="id", filter="id",
        sort=Sort("id", "the order in which they came to the desk", "id"),
        text=lambda send: send.ref,
    ),
    Column(
        "follow_up", "Follow-up", field="follow_up_at", filter="is", in_list=False,
        sort=Sort(
            "follow-up", "when an escalation is looked at again, the earliest first", "follow_up_at",
            only_of="escalated", shown_as="due",
        ),
    ),
    Column(
        "snoozed", "Snoozed until", field="snoozed_until", filter="is", in_list=False,
        sort=Sort(
            "snooze", "when a snooze ends, the earliest first", "snoozed_until",
            only_of="snoozed", shown_as="due",
        ),
    ),
    Column("stage", "Stage", field="stage", filter="stage", is_facet=True, in_list=False),
    Column("urgency", "Urgency", field="urgency", filter="urgency", is_facet=True, in_list=False),
)  # fmt: skip
COLUMNS: Mapping[str, Column] = MappingProxyType({column.key: column for column in _ROWS})
"""Every column by its key, in the order in which help names what can be sorted by."""
SORTS: Mapping[str, Sort] = MappingProxyType(
    {column.sort.key: column.sort for column in _ROWS if column.sort}
)
"""By the word behind `sort:`, everything that a list can be sorted by."""
SHOWN_BY: Mapping[str, str] = MappingProxyType(
    {column.sort.key: column.sort.shown_as or column.key for column in _ROWS if column.sort}
)
"""By the word behind `sort:`, the column of the list that shows what a list is sorted by."""
OLDER_SORTS: Mapping[str, str] = MappingProxyType(
    {sort.older_key: key for key, sort in SORTS.items() if sort.older_key}
)
"""By what earlier releases wrote behind `sort:`, what is written now."""
