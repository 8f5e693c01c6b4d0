"""The fields of a send in the case pane, and the platform's status beside the override."""

from datetime import datetime

from textual.content import Content

from models.providers import catalogue
from models.records import Case, SendRecord, Shipment, Snooze
from models.rules.batches import is_batch
from models.rules.due import is_put_off
from models.rules.shipments import by_concern, is_late, name_of, state_of, state_word
from models.values.text import safe_link
from tui.style import case_fields
from tui.style.formats import mark, number_of_others
from tui.widgets.case.summary import LABEL, Page
from tui.widgets.styled_text import (
    QUIET,
    STRONG,
    colour,
    hint_line,
    joined,
    justified,
    safe_text,
    stacked,
    wrapped_field,
)

_MOST_SHIPMENTS = 10
_LONGEST_BAR = 40
"""Cells of the bar of all orders of a batch."""


def platform_and_override(case: Case, page: Page) -> Content:
    """Return the platform's status and the override or rule; empty where there is neither, nor doubt."""
    send = case.send
    said = catalogue.status(send.provider, send.provider_status)
    platform = Content.styled(said.label, f"bold {colour(mark(said).tone)}")
    raw = send.provider_raw
    if raw and raw.casefold() not in {said.label.casefold(), said.slug}:
        platform = Content.assemble(
            platform, ("  its word: ", QUIET), safe_text(raw, "$text", limit=80)
        )
    is_uncertain = send.order_uncertain and not is_batch(send)
    if is_uncertain:
        platform = Content.assemble(platform, ("  order uncertain", colour("warning")))
    platform = Content.assemble(platform, (f"  {page.time(send.provider_at)}", QUIET))
    if send.is_by_rule:
        return _fields([("Rule", _rule(case, page)), ("Platform", platform)], page.width)
    if send.override_status is None:
        if send.provider_status != catalogue.UNMAPPED.slug and not is_uncertain:
            return Content()
        near = catalogue.suggest(send.provider, raw, send.type)
        hint = Content(f"{near.label}, the nearest known status") if near else Content()
        return _fields([("Platform", platform), ("Perhaps", hint)], page.width)
    mine = catalogue.status(send.provider, send.override_status)
    override = Content.assemble(
        (mine.label, f"bold {colour(mark(mine).tone)}"),
        ("  by ", QUIET),
        safe_text(send.override_by or "someone", "$text", limit=60),
        (f"  {page.time(send.override_at)}", QUIET),
    )
    rows = [("Override", override), ("Because", safe_text(send.override_reason, limit=400))]
    return _fields([*rows, ("Platform", platform)], page.width)


def _rule(case: Case, page: Page) -> Content:
    """Return what a rule made of the send because time had passed, and which rule."""
    from models.rules.time_rules import is_estimate

    send = case.send
    status = catalogue.status(send.provider, send.status)
    estimated = ", estimated" if is_estimate(send) else ""
    return Content.assemble(
        (status.label, f"bold {colour(mark(status).tone)}"),
        ("  by ", QUIET),
        (send.rule, "$text"),
        (estimated, colour("warning")),
    )


def _end(case: Case, page: Page) -> Content:
    """Return when the send ends, or is estimated to end."""
    if case.usual_end is None:
        return _moment(case.send.expires_at, page)
    return Content.assemble(
        (page.time(case.usual_end), "$text"), ("  estimated", colour("warning"))
    )


def fields(case: Case, page: Page) -> Content:
    """Return the fields that have a value and are not in the head, and the usual next statuses."""
    send = case.send
    rows = [
        ("Batch" if is_batch(send) else "Order", _unless(send.external_id, send.ref)),
        ("Scheduled", _moment(send.scheduled_at, page)),
        ("Tracking", _tracking(send, page)),
        ("Recipient", safe_text(send.recipient_email)),
        (
            "Sender",
            joined([safe_text(send.sender_name or send.sender_email), safe_text(send.team)]),
        ),
        ("Funding", safe_text(send.funding_source)),
        ("Refunded", Content.styled(case_fields.refund(case, page.local), colour("success"))),
        ("Credit", _credit(case, page)),
        ("Batch", safe_text(send.batch)),
        ("Owner", safe_text(send.owner) if send.owner else Content.styled("nobody", QUIET)),
        ("Created", _moment(send.created_at, page)),
        ("Expires", _end(case, page)),
        ("Escalated", _escalation(send, page)),
        ("Done" if send.snooze == Snooze.DONE else "Snoozed", _snooze(send, page)),
        ("Next", _next(send)),
        ("Others", _others(case, page)),
    ]
    return _fields(rows, page.width)


def _credit(case: Case, page: Page) -> Content:
    """Return how the credit stands; what is late stands out."""
    said = case_fields.credit(case, page.local)
    if case.send.credit_due_at is None:
        return safe_text(said, colour("success"))
    return safe_text(said, colour("error") if case.send.credit_due_at < page.now else "")


def money_lines(case: Case, page: Page) -> Content:
    """Return what will be charged or credited; empty where nothing is known."""
    lines: list[Content] = []
    for row, sentence in enumerate(case.money[:6]):
        label = Content.styled(("Money" if row == 0 else "").ljust(LABEL), QUIET)
        lines += wrapped_field(label, safe_text(sentence, "$text", limit=300), page.width)
    return stacked(lines)


def shipments(case: Case, page: Page) -> Content:
    """Return a line or two for each shipment, those in question first; empty where there is none."""
    if not case.shipments:
        return Content()
    count = f"{len(case.shipments):,}" if len(case.shipments) > 1 else ""
    lines = [
        justified(Content.styled("Shipments", STRONG), Content.styled(count, QUIET), page.width)
    ]
    ordered = by_concern(case.send.provider, case.shipments)
    for each in ordered[:_MOST_SHIPMENTS]:
        lines += _shipment(case.send.provider, each, page)
    if len(ordered) > _MOST_SHIPMENTS:
        lines.append(Content.styled(f"{len(ordered) - _MOST_SHIPMENTS} more…", QUIET))
    return stacked(lines)


def _shipment(provider: str, shipment: Shipment, page: Page) -> list[Content]:
    """Return a shipment: its state, its number, and at the right where it was last or is next.

    Where that does not fit on one line, the number stands below.
    """
    state = state_of(provider, shipment)
    sign = mark(state, page.ascii)
    head = Content.assemble(
        (f"{sign.glyph} ", colour(sign.tone)),
        safe_text(state_word(provider, shipment), "$text", limit=40),
    )
    brand = "" if shipment.brand == name_of(shipment) else shipment.brand
    which = joined(
        [safe_text(name_of(shipment), "$text", limit=60), safe_text(brand, QUIET, limit=40)]
    )
    when = _whereabouts(provider, shipment, page)
    line = joined([head, which])
    if line.cell_length + when.cell_length + 2 <= page.width:
        return [justified(line, when, page.width)]
    below = Content.assemble("  ", which).truncate(page.width, ellipsis=True)
    return [justified(head, when, page.width), below]


def _whereabouts(provider: str, shipment: Shipment, page: Page) -> Content:
    """Return when a shipment arrived, else when it is expected, else when it left."""
    if shipment.delivered_at:
        return Content.styled(f"delivered {page.time(shipment.delivered_at)}", QUIET)
    if shipment.expected_at:
        late = is_late(provider, shipment, page.now)
        tone = colour("warning") if late else QUIET
        said = f"expected {page.time(shipment.expected_at)}{', late' if late else ''}"
        return Content.styled(said, tone)
    if shipment.shipped_at:
        return Content.styled(f"shipped {page.time(shipment.shipped_at)}", QUIET)
    return Content()


def orders(case: Case, page: Page) -> Content:
    """Return the orders of a batch by status, each with a bar of its share; empty for a send."""
    if not case.orders:
        return Content()
    total = sum(each.number for each in case.orders)
    lines = [
        justified(
            Content.styled("Orders by status", STRONG),
            Content.styled(f"{total:,} here", QUIET),
            page.width,
        )
    ]
    labels = [catalogue.status(case.send.provider, each.status) for each in case.orders]
    name = max(len(each.label) for each in labels) + 2
    number = max(len(f"{each.number:,}") for each in case.orders)
    room = min(max(page.width - name - number - 6, 0), _LONGEST_BAR)
    for each, status in zip(case.orders, labels, strict=True):
        sign = mark(status, page.ascii)
        cells = max(round(room * each.number / total), 1) if room else 0
        lines.append(
            Content.assemble(
                (f"{sign.glyph} ", colour(sign.tone)),
                (f"{status.label:<{name}}", "$text"),
                (f"{each.number:>{number},}  ", "$text"),
                (page.glyph("━") * cells, colour(sign.tone)),
            )
        )
    return stacked(lines)


def _fields(rows: list[tuple[str, Content]], width: int) -> Content:
    lines: list[Content] = []
    for name, value in rows:
        if value:
            lines += wrapped_field(Content.styled(name.ljust(LABEL), QUIET), value, width)
    return stacked(lines)


def _unless(value: str, other: str) -> Content:
    return Content() if value in other else safe_text(value, "$text")


def _moment(moment: datetime | None, page: Page) -> Content:
    return Content() if moment is None else Content.styled(page.time(moment), "$text")


def _tracking(send: SendRecord, page: Page) -> Content:
    if is_batch(send):
        return Content()
    if not send.tracking_number:
        return Content.styled("not shipped yet", QUIET) if send.type != "egift" else Content()
    opens = (
        hint_line(page.keys.hints((("{desk.track}", "open"),)))
        if safe_link(send.tracking_url)
        else Content()
    )
    return Content.assemble(
        joined([safe_text(send.tracking_number), safe_text(send.carrier, QUIET)]), "  ", opens
    )


def _escalation(send: SendRecord, page: Page) -> Content:
    if send.escalated_at is None:
        return Content()
    follow = f"follow up {page.time(send.follow_up_at)}" if send.follow_up_at else ""
    return joined(
        [
            safe_text(send.escalation_ref or "no ticket"),
            Content.styled(page.time(send.escalated_at), QUIET),
            Content.styled(follow, QUIET),
        ]
    )


def _snooze(send: SendRecord, page: Page) -> Content:
    if not is_put_off(send, page.now):
        return Content()
    match send.snooze:
        case Snooze.UNTIL_TIME:
            return Content(f"until {page.time(send.snoozed_until)}")
        case Snooze.UNTIL_CHANGE:
            return Content("until the platform's next change")
        case Snooze.DONE:
            return Content("until the platform's next change or the next limit")
        case _:
            return Content()


def _others(case: Case, page: Page) -> Content:
    """Return how many sends have what in common with this one, and the key that lists them."""
    counts = [
        Content.assemble((f"{each.key} ", QUIET), (number_of_others(each), "$text"))
        for each in case.around
        if each.key not in ("problem", "of")
    ]
    if not counts:
        return Content()
    # A hint that went to a second line would move all below it from one send to the next.
    told = Content.assemble(joined(counts), "  ")
    lists = hint_line(page.keys.hints((("{desk.around}", "list"),)))
    if LABEL + told.cell_length + lists.cell_length > page.width:
        lists = hint_line(page.keys.hints((("{desk.around}", ""),)))
    return Content.assemble(told, lists)


def _next(send: SendRecord) -> Content:
    following = catalogue.may_follow(send.provider, send.status, send.type)
    return joined(Content(status.label) for status in following[:5])
