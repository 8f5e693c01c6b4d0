"""Words about a send that advice and packet have in common; safe to show."""

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG
from models.records import SendRecord
from models.rules.batches import kind_of
from models.values.text import display_text


def status_word(provider: str, slug: str, raw: str) -> str:
    """Return the label of a status; if it is unmapped, the provider's word *raw* in quotes."""
    if slug == UNMAPPED_SLUG:
        return f"“{display_text(raw, 60)}”"
    return catalogue.status(provider, slug).label


def number_to_quote(send: SendRecord) -> str:
    """Return the number that the provider's support asks for first."""
    if send.tracking_number:
        return f"tracking number {display_text(send.tracking_number, 80)}"
    return f"{kind_of(send)} number {display_text(send.external_id, 80)}"
