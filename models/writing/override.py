"""Overrides: which status may take the place of the provider's, and what is required for it."""

from models.errors import MissingReason, NothingToDo, OffLifecycle, UnknownStatus
from models.history.journal import SendHistory
from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG, Status
from models.records import EventKind, SendRecord
from models.writing.writer import Draft, DraftBuilder


def override_draft(seen: SendRecord, word: str, reason: str, *, force: bool) -> DraftBuilder:
    """Return the builder of an override.

    The builder refuses with `NothingToDo` if the send is in that status already, and with
    `OffLifecycle` if the step is unusual and not forced.

    Args:
        seen: The send as the agent saw it.
        word: The new status: its slug, label or an alias.
        reason: Why; required.
        force: Allow a step outside the usual lifecycle.

    Raises:
        UnknownStatus: If the provider has no such status.
        MissingReason: If there is no reason.
    """
    status = target(seen, word)
    text = required(reason, f"Say why {seen.ref} becomes {status.label}.")

    def build(history: SendHistory) -> Draft:
        permit(history.send, status, force=force)
        return Draft(EventKind.OVERRIDE, history.send.status, status.slug, text)

    return build


def target(seen: SendRecord, word: str) -> Status:
    """Return the status that *word* means for this send.

    Args:
        seen: The send; the same word can mean another status for another type of send.
        word: A slug, label or alias.

    Raises:
        UnknownStatus: If its provider has no such status.
    """
    found = catalogue.resolve(seen.provider, word, seen.type)
    if found is not None and found.slug != UNMAPPED_SLUG:
        return found
    near = catalogue.suggest(seen.provider, word)
    hint = f" Did you mean {near.label}?" if near else ""
    if seen.provider not in catalogue.STATUSES:
        raise UnknownStatus(
            f"{seen.ref} is of a platform that this version of Send Desk does not know."
        )
    name = catalogue.provider(seen.provider).name
    raise UnknownStatus(f"{name} has no status “{word}”.{hint} `senddesk statuses` lists them.")


def permit(send: SendRecord, target: Status, *, force: bool = False) -> None:
    """Return if *target* may override the status of *send*; refuse if not.

    Args:
        send: The send as it is now.
        target: The new status.
        force: Allow a step outside the usual lifecycle.

    Raises:
        NothingToDo: If the send is in that status already and nobody contests it.
        OffLifecycle: If the step is unusual and not forced.
    """
    if send.status == target.slug and not send.contested:
        raise NothingToDo(f"{send.ref} is {target.label} already.")
    if not force and not is_usual(send, target):
        now = catalogue.status(send.provider, send.status).label
        raise OffLifecycle(
            f"{now} is not usually followed by {target.label}: confirm it if you mean it (--force)."
        )


def is_usual(send: SendRecord, target: Status) -> bool:
    """Whether *target* usually follows the status of *send*.

    Any status may follow an unmapped one, and each status follows itself.
    """
    if send.status == UNMAPPED_SLUG or target.slug == send.status:
        return True
    return target in catalogue.may_follow(send.provider, send.status, send.type)


def required(text: str, complaint: str) -> str:
    """Return *text* without the blanks around it.

    Raises:
        MissingReason: If nothing is left; *complaint* is its message.
    """
    if not text.strip():
        raise MissingReason(complaint)
    return text.strip()
