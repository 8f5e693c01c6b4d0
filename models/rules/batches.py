"""How far an order batch is, in words and numbers."""

from models.providers import catalogue
from models.providers.status import BATCH_TYPE
from models.records import SendRecord


def is_batch(send: SendRecord) -> bool:
    """Whether a row of the desk is a batch of orders and no send itself."""
    return send.type == BATCH_TYPE


def kind_of(send: SendRecord) -> str:
    """Return what the platform's support calls it: `order` or `batch`."""
    return "batch" if is_batch(send) else "order"


def progress_words(send: SendRecord) -> str:
    """Return how many orders were made of how many recipients: `3 of 25 orders`; empty for a send."""
    made, wanted = send.orders_count, send.recipients_count
    if made is None and wanted is None:
        return ""
    if wanted is None:
        return _counted(made or 0, "order")
    if made is None:
        return _counted(wanted, "recipient")
    return f"{made:,} of {_counted(wanted, 'order')}"


def who(send: SendRecord) -> str:
    """Return for whom a send is, or what stands for that of a batch; empty if nobody knows."""
    return send.recipient_name or send.recipient_email or brief_words(send)


def brief_words(send: SendRecord) -> str:
    """Return how far a batch is and its name, for a cell of a list: `3/25 Welcome kits`; else nothing."""
    if not is_batch(send):
        return ""
    made, wanted = send.orders_count or 0, send.recipients_count
    number = f"{made}" if wanted is None else f"{made}/{wanted}"
    return f"{number} {send.campaign}".rstrip()


def runs_from_schedule(send: SendRecord) -> bool:
    """Whether the limit of its status runs from its scheduled time: it waits for that."""
    return (
        send.scheduled_at is not None
        and catalogue.status(send.provider, send.status).runs_from_schedule
    )


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"
