"""What is written about Kindbox's boxes, by status."""

from models.providers.replies import SENDERS_MATTER, SURPRISE, StatusReplies, letter

REPLIES = (
    StatusReplies(
        status="ordered",
        to_sender=letter("Your $gift for $recipient is ordered since $since."),
        to_recipient=SURPRISE,
        late_to_sender=letter("Your $gift for $recipient is late; we are asking $support."),
    ),
    StatusReplies(
        status="packed",
        to_sender=letter("Your $gift for $recipient is packed."),
        to_recipient=SURPRISE,
    ),
    StatusReplies(
        status="on_the_way",
        to_sender=letter("Your $gift is on its way to $recipient. Tracking: $tracking"),
        to_recipient=letter("Your $gift is on its way to you. Tracking: $tracking"),
    ),
    StatusReplies(
        status="came_back",
        to_sender=letter("Your $gift for $recipient came back. Please send us another address."),
        to_recipient=letter("Your $gift came back. Please send us another address."),
    ),
    StatusReplies(
        status="arrived",
        to_sender=letter("Your $gift reached $recipient on $since."),
        to_recipient=letter("Your $gift arrived on $since."),
    ),
    StatusReplies(
        status="stopped",
        to_sender=letter("Your $gift for $recipient was called off on $since."),
        to_recipient=SENDERS_MATTER,
    ),
)
"""One row for each status."""
