"""What is written about Goody's orders, by status."""

from models.providers.replies import SENDERS_MATTER, SURPRISE, NoReply, StatusReplies, letter

_PREPARED = letter(
    "Thank you for accepting your $gift. It is being prepared, and there is nothing more that"
    " you need to do. If your address has to be changed, please write to us at once."
)

_MANY = NoReply("A batch has many recipients: write about the order of the one who asks.")

REPLIES = (
    StatusReplies(
        status="pending_user_approval",
        to_sender=letter(
            "Your $gift for $recipient has been waiting for an approval since $since. Could"
            " you check whether it is waiting in your account? If you find nothing there, tell"
            " us, and we will ask $support."
        ),
        to_recipient=SURPRISE,
    ),
    StatusReplies(
        status="created",
        to_sender=letter(
            "Your $gift for $recipient is set up, and no message has gone out yet. There is"
            " nothing for you to do, and you can still cancel it."
        ),
        to_recipient=SURPRISE,
    ),
    StatusReplies(
        status="notified",
        to_sender=letter(
            "Your $gift for $recipient has been ready to be accepted since $since. If they"
            " have not received a message, please pass the gift link in your account on to"
            " them. They can accept it until $expires, and you can still cancel it."
        ),
        to_recipient=letter(
            "There is a $gift for you. Please accept it with the link that you were sent; if"
            " you do not see the message, it may be in your junk folder. The link is open"
            " until $expires."
        ),
    ),
    StatusReplies(
        status="opened",
        to_sender=letter(
            "Your $gift for $recipient was looked at and has not been accepted yet. A word"
            " from you may help. They can accept it until $expires; before that, you can still"
            " cancel it."
        ),
        to_recipient=letter(
            "Your $gift is waiting for you. Please open the link once more and accept it; you"
            " can do so until $expires."
        ),
    ),
    StatusReplies(
        status="expired",
        to_sender=letter(
            "The day until which $recipient could accept your $gift has passed.\n\n"
            "Would you like to set a later day, send it again, or cancel it? If money was"
            " held for it, canceling frees it."
        ),
        to_recipient=letter(
            "We are sorry: the day until which you could accept your $gift has passed. Please"
            " ask $sender whether it can be opened once more."
        ),
    ),
    StatusReplies(
        status="accepted",
        to_sender=letter(
            "Good news: $recipient accepted your $gift on $since, and it is being prepared.\n\n"
            "You cannot cancel it yourself any more. If it has to be stopped, please tell us"
            " at once, and we will ask $support to try."
        ),
        to_recipient=_PREPARED,
    ),
    StatusReplies(
        status="pending_payment",
        to_sender=letter(
            "Your $gift for $recipient does not move on, because its payment has not gone"
            " through.\n\n"
            "Please check the payment method in your account, or use the payment link. If you"
            " were charged already, tell us, and we will ask $support."
        ),
        to_recipient=letter(
            "Thank you for accepting your $gift. It takes a little longer until it is"
            " prepared, and there is nothing that you need to do."
        ),
    ),
    StatusReplies(
        status="paid",
        to_sender=letter(
            "Your $gift for $recipient is paid and is being made ready to leave. If their"
            " address has to be changed, please tell us at once, and we will ask $support."
        ),
        to_recipient=_PREPARED,
    ),
    StatusReplies(
        status="ordered",
        to_sender=letter(
            "Your $gift for $recipient has been with the brand that ships it since $since."
            " The tracking number comes when it leaves, and there is nothing for you to do."
        ),
        to_recipient=letter(
            "Your $gift is with the brand that ships it. Its tracking number comes when it"
            " leaves, and there is nothing that you need to do."
        ),
    ),
    StatusReplies(
        status="shipped",
        to_sender=letter(
            "Your $gift for $recipient has been on its way since $since. If it comes in"
            " several parcels, they may arrive on different days.\n\n"
            "Tracking: $tracking"
        ),
        to_recipient=letter(
            "Your $gift has been on its way to you since $since. If it comes in several"
            " parcels, they may arrive on different days.\n\n"
            "Tracking: $tracking"
        ),
    ),
    StatusReplies(
        status="shipment_failed",
        to_sender=letter(
            "We are sorry: a parcel of your $gift for $recipient could not be delivered.\n\n"
            "Tracking: $tracking\n\n"
            "We are asking $support whether another one goes out, and will tell you as soon"
            " as we know."
        ),
        to_recipient=letter(
            "We are sorry: a parcel of your $gift could not be delivered to you.\n\n"
            "Tracking: $tracking\n\n"
            "Please tell us what has arrived so far. We are asking whether another one goes"
            " out."
        ),
    ),
    StatusReplies(
        status="delivered",
        to_sender=letter(
            "Good news: the carrier reports that all of your $gift reached $recipient on"
            " $since.\n\n"
            "Tracking: $tracking"
        ),
        to_recipient=letter(
            "The carrier reports that all of your $gift arrived on $since.\n\n"
            "Tracking: $tracking\n\n"
            "If something is missing, please ask at the reception or next door, and tell us"
            " what has arrived."
        ),
    ),
    StatusReplies(
        status="failed",
        to_sender=letter(
            "Your $gift for $recipient was called off on $since and will not reach them. If"
            " nobody on your side did that, please tell us, and we will ask $support for the"
            " cause.\n\n"
            "If $cost was held on your account balance, it should be free again."
        ),
        to_recipient=SENDERS_MATTER,
    ),
    StatusReplies(
        status="canceled",
        to_sender=letter(
            "Your $gift for $recipient was canceled on $since; nothing was shipped. If $cost"
            " was held on your account balance, it should be free again. Please tell us if it"
            " is not."
        ),
        to_recipient=SENDERS_MATTER,
    ),
    StatusReplies(
        status="batch_pending",
        to_sender=letter(
            "The orders of your batch “$campaign” are being made, one for each recipient. There"
            " is nothing for you to do."
        ),
        late_to_sender=letter(
            "The orders of your batch “$campaign” have been in the making since $since, which is"
            " longer than usual. We are asking $support what holds them back, and will write to"
            " you as soon as we know."
        ),
        to_recipient=_MANY,
    ),
    StatusReplies(
        status="batch_scheduled",
        to_sender=letter(
            "Your batch “$campaign” is scheduled; its orders are made when its time has come."
            " There is nothing for you to do."
        ),
        late_to_sender=letter(
            "Your batch “$campaign” was not sent at its scheduled time. We are asking $support"
            " for the cause, and will write to you as soon as we know when it goes out."
        ),
        to_recipient=_MANY,
    ),
    StatusReplies(
        status="batch_failed",
        to_sender=letter(
            "Your batch “$campaign” failed, and no gifts come of it. We are asking $support for"
            " the cause and whether anything was charged. Please do not send it again before"
            " you hear from us."
        ),
        to_recipient=_MANY,
    ),
    StatusReplies(
        status="batch_complete",
        to_sender=letter(
            "All orders of your batch “$campaign” have been made. How far each of them has"
            " come, your account shows; ask us about any of them."
        ),
        to_recipient=_MANY,
    ),
    StatusReplies(
        status="batch_canceled",
        to_sender=letter(
            "Your batch “$campaign” was canceled on $since; no more gifts come of it. If an"
            " amount was held on your account balance, it should be free again. Please tell us"
            " if it is not."
        ),
        to_recipient=_MANY,
    ),
)
"""One row for each status."""
