"""The columns of exports: the names they go by, and reading a row by what its columns mean."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from models.providers import PROVIDERS
from models.providers.payload_fields import bare_word
from models.values.text import display_text

_NAMES = """
provider: provider platform
id: external_id send_id order_id id gift_id
status: provider_word provider_status status send_status order_status current_status state
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
provider_at: provider_at
updated_at: status_changed_at status_updated_at status_date updated_at updated last_updated
updated_at: last_updated_at date_updated last_update
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
campaign: product product_name products gift gift_name
cost: price amount total send_cost
created_at: send_date order_date date
"""
"""Names that may mean something else as well; a row is read by them if it has no better column."""


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

_WHO = ("id", "recipient_email", "recipient_name", "recipient_first_name")


class Clash(ValueError):
    """Two columns of the same name hold different values in one row."""


class Header:
    """The first row of a table: the names of its columns and what they mean.

    Attributes:
        cells: The row as it is in the file.
        names: The names of the columns in the file; numbered if several have one name.
        providers: The providers whose exports have columns of these names; if there is none, all.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = list(cells)
        self.names = _distinct(cells)
        bare = [bare_word(cell) for cell in cells]
        self.providers = (
            tuple(each for each in PROVIDERS if not each.telling_columns.isdisjoint(bare))
            or PROVIDERS
        )
        places: dict[str, list[int]] = {}
        for place, name in enumerate(bare):
            places.setdefault(name, []).append(place)
        self._places = {
            column: [places[name] for name in names if name in places]
            for column, names in SYNONYMS.items()
        }
        self._places = {column: found for column, found in self._places.items() if found}
        # Most columns occur once; reading them needs no choice.
        self._single = {
            column: found[0][0]
            for column, found in self._places.items()
            if sum(map(len, found)) == 1
        }
        self._choices = {
            column: found for column, found in self._places.items() if column not in self._single
        }
        self._people = [
            who
            for who in ("recipient", "sender")
            if any(f"{who}_{which}_name" in self._places for which in ("first", "last"))
        ]

    @property
    def known(self) -> int:
        """How many of the columns are known to belong to a send."""
        return len(self._places)

    @property
    def is_of_sends(self) -> bool:
        """Whether there is a column for the status, and one for the id or the recipient."""
        return "status" in self._places and any(name in self._places for name in _WHO)

    def row(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the cells of one row, stripped, by the columns in `SYNONYMS`.

        Raises:
            Clash: If two columns of the same name hold different values.
        """
        missing = len(self.cells) - len(cells)
        whole = [*cells, *[""] * missing] if missing > 0 else cells
        values = map(str.strip, map(whole.__getitem__, self._single.values()))
        found = dict(zip(self._single, values, strict=True))
        for column, places in self._choices.items():
            found[column] = _first_filled(whole, places, self.names)
        for who in self._people:
            parts = (found.pop(f"{who}_{which}_name", "") for which in ("first", "last"))
            full = " ".join(part for part in parts if part)
            if full and not found.get(f"{who}_name"):
                found[f"{who}_name"] = full
        return found


def _distinct(cells: Sequence[str]) -> list[str]:
    """Return the names of columns; the second of one name becomes `name (2)`."""
    seen: Counter[str] = Counter()
    names = []
    for cell in cells:
        seen[cell] += 1
        names.append(cell if seen[cell] == 1 else f"{cell} ({seen[cell]})")
    return names


def _first_filled(
    cells: Sequence[str], places: Sequence[Sequence[int]], names: Sequence[str]
) -> str:
    """Return the first value in columns of one meaning, or an empty string.

    Args:
        cells: The cells of the row.
        places: For each name that is there, the places of the columns of that name.
        names: The names of all columns, for the message.

    Raises:
        Clash: If two columns of the same name hold different values.
    """
    for first, *twins in places:
        value = cells[first].strip()
        for twin in twins:
            other = cells[twin].strip()
            if value and other and value != other:
                name = display_text(names[first], 80)
                raise Clash(f"the column “{name}” is there twice with different values")
            value = value or other
        if value:
            return value
    return ""
