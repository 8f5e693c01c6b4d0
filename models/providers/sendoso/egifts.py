"""The statuses that only Sendoso's eGifts have."""

from functools import partial

from models.providers.status import Stage, Status

_TRACKER = "Sendoso Help Center, Send Tracker statuses"
_EGIFTS = "Sendoso Help Center, eGift FAQs"
_EVENTS = "Sendoso developer docs, webhook events"

_egift = partial(Status, provider="sendoso", types=("egift",), source=_TRACKER)

EGIFTS = (
    _egift(
        slug="sent",
        label="Sent",
        stage=Stage.WAITING,
        rank=20,
        next=("opened", "clicked", "bounced", "refunded", "expired"),
        meaning="The offer is in the recipient's mailbox and has not been looked at.",
        advice="If the sender asks, have the recipient search junk mail. A reminder goes out by itself two days before the offer ends.",
        source=_EGIFTS,
    ),
    _egift(
        slug="opened",
        label="Opened",
        stage=Stage.WAITING,
        rank=30,
        next=("clicked", "redeemed", "expired"),
        meaning="The recipient has seen the mail but has not picked a gift.",
        advice="Leave it to the recipient until the offer ends. A personal nudge from the sender helps more than a second send.",
    ),
    _egift(
        slug="clicked",
        label="Clicked",
        aliases=("Clicked/Redeemed",),
        stage=Stage.WAITING,
        rank=40,
        next=("redeemed", "blocked", "email_blacklist", "expired"),
        meaning="The recipient reached the gift page and still has to prove the address is theirs.",
        advice="If they are stuck, ask them to finish the verification mail. Without that step no code is issued.",
    ),
    _egift(
        slug="redeemed",
        label="Redeemed",
        aliases=("Used", "Used/Redeemed"),
        stage=Stage.DONE,
        rank=100,
        final=True,
        meaning="The recipient has the code. Whether it was spent is not known here.",
        advice="Done. Questions about spending the code go to the shop that issued it.",
    ),
    _egift(
        slug="expired",
        label="Expired",
        stage=Stage.CLOSED,
        rank=102,
        final=True,
        next=("refunded",),
        meaning="The offer ended before a gift was picked.",
        advice="Send again if it is still wanted. Promise a credit only if the mail was never opened.",
        short_word="expired",
    ),
    _egift(
        slug="bounced",
        label="Bounced",
        aliases=("Bounced and Credited",),
        refund_words=("Bounced and Credited",),
        stage=Stage.CLOSED,
        rank=104,
        final=True,
        next=("refunded",),
        meaning="The recipient's mail server turned the offer away.",
        advice="Get a working address from the sender and send again. The amount is credited back.",
        source=_EVENTS,
    ),
)
"""From the offer that went out to the ways it ends."""
