"""What is written about Sendoso's sends, by status."""

from models.providers.replies import SENDERS_MATTER, SURPRISE, NoReply, StatusReplies, letter

_BEFORE_IT_GOES_OUT = (
    StatusReplies(
        status="initiated",
        to_sender=letter(
            "Your $gift for $recipient is set up, and nothing has gone out yet. It moves on"
            " by itself, so there is nothing for you to do."
        ),
        to_recipient=SURPRISE,
    ),
    StatusReplies(
        status="pending_approval",
        to_sender=letter(
            "Your $gift for $recipient has been waiting for an approval within your own"
            " company since $since. Only your approver can give it. Once that is done, the"
            " gift goes out by itself."
        ),
        to_recipient=SURPRISE,
    ),
    StatusReplies(
        status="pending_sendoso_approval",
        to_sender=letter(
            "Your $gift for $recipient has been waiting for a check by $platform since"
            " $since. There is nothing that you can do to speed it up. If it has to be out by"
            " a certain day, tell us the day, and we will ask $support to look at it."
        ),
        to_recipient=SURPRISE,
    ),
    StatusReplies(
        status="insufficient_funds",
        to_sender=letter(
            "Your $gift for $recipient has not gone out, because $funding could not cover"
            " $cost.\n\n"
            "An Admin or Manager of your team can add money, approve it all the same, or"
            " cancel it; all three are under Issues. If it is paid for, it goes out by itself."
        ),
        to_recipient=SURPRISE,
    ),
    StatusReplies(
        status="invalid_email_format",
        to_sender=letter(
            "Your $gift for $recipient could not go out, because $email is not a complete"
            " email address.\n\n"
            "Please send us the right one. This gift has to be canceled and sent again, and"
            " we are glad to help you with that."
        ),
        to_recipient=NoReply(
            "The address is not an email address: ask the sender for the right one."
        ),
    ),
    StatusReplies(
        status="suspicious_email",
        to_sender=letter(
            "Your $gift for $recipient is on hold, because $email looked doubtful to a"
            " filter. Nothing has gone out yet.\n\n"
            "If you know the recipient, an Admin or Manager of your team can approve it under"
            " Issues. If you do not, please have it canceled there."
        ),
        to_recipient=SURPRISE,
    ),
    StatusReplies(
        status="out_of_stock",
        to_sender=letter(
            "We are sorry: the item that you chose for $recipient is out of stock, and your"
            " $gift has been waiting since $since.\n\n"
            "Would you rather wait, take another item, or cancel? Tell us, and we will pass"
            " it on to $support."
        ),
        to_recipient=letter(
            "We are sorry for the wait. Your $gift takes longer than planned, because an item"
            " has to come in first. There is nothing that you need to do."
        ),
    ),
)
_EGIFTS = (
    StatusReplies(
        status="sent",
        to_sender=letter(
            "Your $gift for $recipient went out on $since and has not been opened yet. It may"
            " have landed in the junk folder, and a word from you helps most. The offer is"
            " open until $expires."
        ),
        to_recipient=letter(
            "Your $gift was sent to you by email on $since. If you do not see it, please look"
            " into your junk folder. You can choose until $expires."
        ),
    ),
    StatusReplies(
        status="opened",
        to_sender=letter(
            "The mail with your $gift was seen by $recipient, and nothing has been chosen"
            " yet. A personal word from you helps more than a second gift. The offer is open"
            " until $expires."
        ),
        to_recipient=letter(
            "Your $gift is waiting for you. Please open the mail once more and choose what"
            " you like; you can do so until $expires."
        ),
    ),
    StatusReplies(
        status="clicked",
        to_sender=letter(
            "The page of your $gift was opened by $recipient. One step is missing: their"
            " email address has to be confirmed, and no code is issued before that.\n\n"
            "Perhaps you could remind them to finish it, and to look into their junk folder"
            " for the mail about it."
        ),
        to_recipient=letter(
            "You are one step away from your $gift: please confirm your email address with"
            " the link in the mail that you were sent. Your code comes right after that. If"
            " you do not see the mail, it may be in your junk folder."
        ),
    ),
    StatusReplies(
        status="redeemed",
        to_sender=letter(
            "Good news: $recipient has chosen your $gift and got the code on $since. Only"
            " the shop knows whether it has been spent."
        ),
        to_recipient=letter(
            "Your $gift was redeemed on $since, and the code came to you by email. If you do"
            " not see it, please look into your junk folder.\n\n"
            "The shop that issued the code answers questions about spending it."
        ),
    ),
    StatusReplies(
        status="expired",
        to_sender=letter(
            "The offer of your $gift for $recipient has ended before anything was chosen. If"
            " you would still like to give it, please send it again.\n\n"
            "For this one, $cost is credited only if the mail was never opened."
        ),
        to_recipient=letter(
            "We are sorry: the offer of your $gift has ended, and nothing can be chosen any"
            " more. Please ask $sender whether it can be sent again."
        ),
    ),
    StatusReplies(
        status="bounced",
        to_sender=letter(
            "Your $gift did not reach $recipient: the mail server there did not accept"
            " $email.\n\n"
            "Please check the address with them and send the gift again. For this one, $cost"
            " goes back to $funding."
        ),
        to_recipient=NoReply(
            "Their mail server refuses the address, so a text would not arrive: ask the sender."
        ),
    ),
    StatusReplies(
        status="blocked",
        to_sender=letter(
            "Somebody tried to redeem your $gift for $recipient, and $platform has stopped"
            " that to be on the safe side.\n\n"
            "Please tell us whether $recipient ($email) is the person you meant and expects"
            " the gift. We will then ask $support to look at it again."
        ),
        to_recipient=letter(
            "We are sorry that your $gift could not be redeemed: a safety check has stopped"
            " it. We are looking into it and will write to you. Please do not try again until"
            " then."
        ),
    ),
    StatusReplies(
        status="email_blacklist",
        to_sender=letter(
            "Your $gift for $recipient cannot be redeemed with $email.\n\n"
            "If you have another address of theirs, please send it to us, and we will ask"
            " $support to move the gift there."
        ),
        to_recipient=letter(
            "We are sorry: your $gift cannot be redeemed with the email address that was"
            " used. Could you send us another one, such as the one you have at work? We will"
            " then ask $support to move the gift there."
        ),
    ),
)
_PARCELS = (
    StatusReplies(
        status="confirming_address",
        to_sender=letter(
            "Your $gift for $recipient waits for a shipping address. They were asked for it"
            " on $since and have only a few days to answer, so a word from you may"
            " help.\n\n"
            "Until they have answered, you can still cancel it yourself."
        ),
        to_recipient=letter(
            "There is a $gift for you, and only your shipping address is missing. Please give"
            " it with the link in the mail of $since; it works for a few days only. If you do"
            " not see the mail, it may be in your junk folder."
        ),
    ),
    StatusReplies(
        status="amazon_fulfilling",
        to_sender=letter(
            "The item for $recipient is being packed at Amazon and goes to the warehouse of"
            " $platform first. We cannot name a day of arrival yet. There is nothing for you"
            " to do."
        ),
        to_recipient=letter(
            "Your $gift is being prepared. There is no tracking number yet, and nothing that"
            " you need to do."
        ),
    ),
    StatusReplies(
        status="amazon_shipped",
        to_sender=letter(
            "The item for $recipient has left Amazon for the warehouse of $platform. From its"
            " arrival there, please allow three to five business days until it leaves again;"
            " the tracking number for the way to $recipient comes then."
        ),
        to_recipient=letter(
            "Your $gift is being prepared. Its tracking number comes once it leaves the"
            " warehouse, and there is nothing that you need to do."
        ),
    ),
    StatusReplies(
        status="order_received",
        to_sender=letter(
            "The warehouse has had the order of your $gift for $recipient since $since. Most"
            " orders are packed within two or three business days; large ones and those for"
            " events take five to ten. The tracking number comes when it leaves."
        ),
        to_recipient=letter(
            "Your $gift is at the warehouse and will be packed soon. There is nothing that"
            " you need to do; its tracking number comes when it leaves."
        ),
        late_to_sender=letter(
            "We are sorry: your $gift for $recipient has been at the warehouse since $since,"
            " longer than it should be.\n\n"
            "We are asking $support what it is waiting for and when it leaves, and will tell"
            " you as soon as we know."
        ),
        late_to_recipient=letter(
            "We are sorry for the wait. Your $gift is still at the warehouse, longer than it"
            " should be, and we are asking when it leaves. There is nothing that you need to"
            " do."
        ),
    ),
    StatusReplies(
        status="fulfilling",
        to_sender=letter(
            "Your $gift for $recipient is being packed and leaves soon.\n\n"
            "You cannot cancel it yourself any more. If it has to be stopped, please tell us"
            " at once, and we will ask $support to try."
        ),
        to_recipient=letter(
            "Your $gift is being packed and leaves soon. Its tracking number comes with that."
        ),
    ),
    StatusReplies(
        status="fulfillment_issue",
        to_sender=letter(
            "The warehouse put your $gift for $recipient on hold on $since. Most often that"
            " is cleared within a few days, and there is nothing for you to do. We keep an eye"
            " on it."
        ),
        to_recipient=letter(
            "Your $gift takes a little longer, because something has to be cleared at the"
            " warehouse first. There is nothing that you need to do."
        ),
        late_to_sender=letter(
            "We are sorry: your $gift for $recipient has been on hold at the warehouse since"
            " $since, longer than it should be.\n\n"
            "We are asking $support what the order is waiting for. If anything is needed from"
            " you, we will write to you at once."
        ),
        late_to_recipient=letter(
            "We are sorry for the wait. Your $gift is on hold at the warehouse, and we are"
            " asking when it goes on. There is nothing that you need to do."
        ),
    ),
    StatusReplies(
        status="shipped",
        to_sender=letter(
            "Your $gift for $recipient left on $since and is on its way.\n\n"
            "Tracking: $tracking\n\n"
            "It can no longer be canceled."
        ),
        to_recipient=letter(
            "Your $gift left on $since and is on its way to you.\n\nTracking: $tracking"
        ),
    ),
    StatusReplies(
        status="undeliverable",
        to_sender=letter(
            "We are sorry: the carrier could not deliver your $gift to $recipient.\n\n"
            "Tracking: $tracking\n\n"
            "Please check the address with them and send us the right one; we will then ask"
            " $support for another try. If you would rather have the parcel back, a return to"
            " stock costs 2.95 USD."
        ),
        to_recipient=letter(
            "We are sorry: the carrier could not deliver your $gift.\n\n"
            "Tracking: $tracking\n\n"
            "Please send us your full address, and a phone number for the carrier if you"
            " like. We will then ask for another try."
        ),
    ),
    StatusReplies(
        status="failed",
        to_sender=letter(
            "We are sorry: the order of your $gift for $recipient could not be completed, and"
            " $platform has not said why yet.\n\n"
            "We are asking $support why, and whether $cost comes back. Please do not send"
            " the gift again before you hear from us."
        ),
        to_recipient=letter(
            "We are sorry: something went wrong with your $gift, and we are looking into it."
            " There is nothing that you need to do."
        ),
    ),
    StatusReplies(
        status="delivered",
        to_sender=letter(
            "Good news: the carrier reports that your $gift reached $recipient on $since.\n\n"
            "Tracking: $tracking"
        ),
        to_recipient=letter(
            "The carrier reports that your $gift arrived on $since.\n\n"
            "Tracking: $tracking\n\n"
            "If you do not have it, please ask at the reception or next door, and write to"
            " us."
        ),
    ),
    StatusReplies(
        status="confirmation_canceled",
        to_sender=letter(
            "Nothing was shipped of your $gift for $recipient: they confirmed no address in"
            " time, or the request for it was withdrawn.\n\n"
            "If you would still like to give it, please check how to reach them ($email), and"
            " send it again."
        ),
        to_recipient=letter(
            "We are sorry: your address was asked for a few days only, and that time is over,"
            " so your $gift was not shipped. Please ask $sender whether it can be sent again."
        ),
    ),
)
_ENDS = (
    StatusReplies(
        status="canceled",
        to_sender=letter(
            "Your $gift for $recipient was canceled on $since and will not reach them. If it"
            " was charged, please expect $cost back in $funding, and tell us if it does not"
            " show there."
        ),
        to_recipient=SENDERS_MATTER,
    ),
    StatusReplies(
        status="refunded",
        to_sender=letter(
            "For your $gift for $recipient, $cost $credit. You can use it for another gift."
        ),
        to_recipient=SENDERS_MATTER,
    ),
)

REPLIES = (*_BEFORE_IT_GOES_OUT, *_EGIFTS, *_PARCELS, *_ENDS)
"""One row for each status."""
