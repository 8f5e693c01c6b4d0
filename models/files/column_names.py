"""What the names of columns mean: which column of a send, in which unit, however they are spelled."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from models.files.fields import EXPORT_FIELDS
from models.files.units import currency_of, is_date_form, is_minor, split_units, zone_of
from models.providers import PROVIDERS
from models.providers.payload_fields import bare_word

_NAMES = """
provider: provider platform
id: external_id send_id order_id id gift_id order_number order_no order_nr order_num send_number
id: send_no send_nr gift_number gift_no order_reference order_ref send_reference send_ref
status: provider_word platform_word provider_status platform_status status send_status order_status current_status state
type: type send_type gift_type
subtype: subtype send_subtype sub_type
campaign: campaign campaign_name
batch: batch order_batch_id batch_id gift_batch_id batch_name
recipient_name: recipient_name recipient recipient_full_name to_name name
recipient_first_name: recipient_first_name first_name
recipient_last_name: recipient_last_name last_name
recipient_email: recipient_email recipient_email_address recipient_e_mail email email_address
recipient_email: e_mail to_email
company: company company_name recipient_company recipient_company_name account account_name
company: organization organisation
sender_name: sender_name sender sender_full_name sent_by from_name
sender_first_name: sender_first_name
sender_last_name: sender_last_name
sender_email: sender_email sender_email_address sender_e_mail from_email
team: team team_name sender_team sender_team_name workspace workspace_name
cost: cost total_cost
cost_minor: cost_minor amount_total amount_pre_tax_total
currency: currency currency_code
funding_source: funding_source funding funding_source_name
sent_via: sent_via via
created_at: created_at created created_date date_created created_on
sent_at: sent_at sent_date date_sent sent_on
provider_at: provider_at platform_at
updated_at: status_changed_at status_updated_at status_date updated_at updated last_updated
updated_at: last_updated_at date_updated last_update updated_date last_updated_date
updated_at: status_changed_date status_update_date
expires_at: expires_at expiry_date expiration_date expires expires_on expiration expiry
tracking_number: tracking_number tracking_no tracking_id tracking
tracking_url: tracking_url tracking_link
carrier: carrier tracking_carrier shipping_carrier
opened_at: opened_at opened_date date_opened
shipped_at: shipped_at shipped_date date_shipped ship_date shipped_on
delivered_at: delivered_at delivered_date date_delivered delivered_on
"""
"""Each column of a send with the names that any export may give it, the most certain name first."""
_LOOSE_NAMES = """
item: item item_name line_item lineitem_name lineitem_sku sku product product_name gift gift_name
campaign: product product_name products gift gift_name
cost: price amount total send_cost
created_at: send_date order_date date
"""
"""Names that may mean something else as well; a row is read by them if it has no better column."""
_ONE_THING = """
status send_status order_status current_status
recipient_name recipient_full_name to_name
recipient_first_name first_name
recipient_last_name last_name
recipient_email recipient_email_address recipient_e_mail email email_address e_mail to_email
sender_email sender_email_address sender_e_mail
tracking_number tracking_no
"""
"""On each line names that say one thing: a row in which two of them differ is in doubt.

Other names of one column may differ: an item costs less than the whole, an id of its own is not the order's,
and a column that is only called “Name” may hold that of the gift.
"""


def _parsed(lines: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each column with its names."""
    for line in lines.strip().splitlines():
        column, _, names = line.partition(":")
        yield column, names.split()


def _synonyms() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    own = [item for each in PROVIDERS for item in each.columns.items()]
    for column, names in (*_parsed(_NAMES), *own, *_parsed(_LOOSE_NAMES)):
        found[column] = tuple(dict.fromkeys((*found.get(column, ()), *names)))
    return MappingProxyType(found)


SYNONYMS = _synonyms()
"""The names of each column, as `bare_word` returns them; the first that a row fills counts."""

SAYING_ONE_THING = tuple(tuple(line.split()) for line in _ONE_THING.strip().splitlines())
"""The names, as `bare_word` returns them, that say one thing."""


def _columns_of() -> Mapping[str, frozenset[str]]:
    """Return for each name the columns that may have it."""
    found: dict[str, set[str]] = {}
    for column, names in SYNONYMS.items():
        for name in names:
            found.setdefault(name, set()).add(column)
    return MappingProxyType({name: frozenset(columns) for name, columns in found.items()})


_COLUMNS_OF = _columns_of()
"""The columns that may have a name, by the name."""
_SQUEEZED = MappingProxyType({name.replace("_", ""): name for name in _COLUMNS_OF if "_" in name})
"""The names written in one word: `sendid`."""
TIMES = frozenset(column for column in SYNONYMS if column.endswith("_at"))
"""The columns that hold dates and times."""
_OURS = frozenset({*EXPORT_FIELDS, "line", "reason"})
"""Columns of the desk's own files that an import leaves out on purpose."""
_OF_PIPELINES = ("_airbyte_", "_sdc_", "_fivetran_", "_dlt_", "_dbt_", "_etl_")
"""How columns begin that a pipeline adds for itself."""
_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""Where a word begins inside a name: `sendId`, `URLOfSend`."""
_NUMBER_SIGN = re.compile(r"#|№|[Nn][°º]")
_SIGN_OF_MONEY = frozenset("€£¢")
"""Signs that `bare_word` leaves out, though they say which currency it is."""
_HARMLESS = frozenset(
    {"required", "optional", "text", "string", "current", "latest", "number", "id"}
    | {each.name.casefold() for each in PROVIDERS}
)
"""Words in brackets that do not change what a column means."""


class Meant(NamedTuple):
    """What the name of a column says."""

    name: str
    """Its name as `bare_word` returns it; without its unit, if it has one."""
    unit: str = ""
    """A currency or a time zone; empty if it names none."""


@lru_cache(maxsize=1024)
def understood(cell: str) -> Meant:
    """Return what the name of a column says: `Total Cost (USD)` is a cost in USD."""
    spelled = _spelled(cell)
    if spelled in _COLUMNS_OF and _SIGN_OF_MONEY.isdisjoint(cell):
        return Meant(spelled)
    for text, unit in split_units(cell):
        name = _spelled(text)
        columns = _COLUMNS_OF.get(name, frozenset())
        if not columns:
            continue
        if columns & {"cost", "cost_minor"}:
            if is_minor(unit):
                return Meant("cost_minor")
            if code := currency_of(unit):
                return Meant(name, code)
        elif columns & TIMES:
            if zone := zone_of(unit):
                return Meant(name, zone)
            if is_date_form(unit):
                return Meant(name)
        elif unit.casefold() in _HARMLESS:
            return Meant(name)
    return Meant(spelled)


def _spelled(text: str) -> str:
    """Return the name of a column as `SYNONYMS` spells it, if it is one of them in another spelling."""
    word = header_word(text)
    if word in _COLUMNS_OF:
        return word
    parted = header_word(_WORD_BEGINS.sub(" ", text))
    return parted if parted in _COLUMNS_OF else _SQUEEZED.get(word, word)


def header_word(cell: str) -> str:
    """Return the name of a column as `bare_word` does, a number sign written as a word."""
    return bare_word(_NUMBER_SIGN.sub(" number ", cell.replace("\ufeff", "")))


def is_left_out(name: str, word: str) -> bool:
    """Whether a column is left out on purpose: the desk's own, or a pipeline's."""
    return word in _OURS or name.lower().startswith(_OF_PIPELINES)
