"""A desk in plain Python: what becomes of sends, as the rules of the domain say it, and nothing more.

It imports nothing of the program. A send is a dict with all that was ever recorded of it, and what it
shows is worked out anew from that each time: slow, and short enough to be read against the rules.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

Send = dict[str, Any]
Entry = dict[str, Any]
Shown = dict[str, Any]

DAY = timedelta(days=1)
CREDIT_DAYS = 7
REMINDED_BEFORE = 2 * DAY
ADDRESS_DAYS = 7
OFFER_DAYS = 90

WORDS: dict[str, dict[str, str]] = {
    "egift": {
        "Sent": "sent", "Opened": "opened", "Out of Stock": "out_of_stock", "Clicked": "clicked",
        "Used": "redeemed", "Expired": "expired", "Bounced": "bounced",
        "Bounced and Credited": "bounced", "Expired and Credited": "refunded",
    },
    "parcel": {
        "Confirming Address": "confirming_address", "Processing": "order_received",
        "Out of Stock": "out_of_stock", "Packed": "fulfilling", "Paused": "fulfillment_issue",
        "Shipped": "shipped", "Undeliverable": "undeliverable", "Delivered": "delivered",
        "Cancelled": "canceled", "Refunded": "refunded",
    },
    "order": {
        "created": "created", "notified": "notified", "opened": "opened", "accepted": "accepted",
        "pending_payment": "pending_payment", "paid": "paid", "shipped": "shipped",
        "delivered": "delivered", "failed": "failed", "canceled": "canceled",
    },
}  # fmt: skip
"""What platforms say, by the kind of send; any other word is unmapped."""
UNKNOWN_WORDS = ("Levitating", "Teleporting")
LIFECYCLE: dict[str, tuple[str, ...]] = {
    "egift": ("sent", "opened", "out_of_stock", "clicked", "unmapped", "redeemed", "expired", "bounced",
              "refunded"),
    "parcel": ("confirming_address", "order_received", "out_of_stock", "fulfilling",
               "fulfillment_issue", "shipped", "undeliverable", "unmapped", "delivered", "canceled",
               "refunded"),
    "order": ("created", "notified", "opened", "accepted", "pending_payment", "paid", "shipped",
              "unmapped", "delivered", "failed", "canceled"),
}  # fmt: skip
"""The statuses of each kind from first to last: a word that is not known is no end, and after all others."""
MAY_FOLLOW: dict[str, dict[str, str]] = {
    "egift": {
        "opened": "clicked redeemed expired refunded",
        "clicked": "redeemed expired refunded",
        "redeemed": "",
        "expired": "refunded",
        "refunded": "",
    },
    "parcel": {
        "order_received": "out_of_stock fulfilling fulfillment_issue shipped undeliverable delivered"
        " canceled refunded",
        "fulfilling": "out_of_stock fulfillment_issue shipped undeliverable delivered canceled refunded",
        "shipped": "undeliverable delivered",
        "undeliverable": "shipped delivered canceled refunded",
        "delivered": "",
    },
    "order": {
        "opened": "accepted pending_payment paid shipped delivered failed canceled",
        "accepted": "pending_payment paid shipped delivered failed canceled",
        "paid": "shipped delivered failed canceled",
        "shipped": "delivered",
        "delivered": "",
    },
}
"""The statuses that agents set, and what may follow each of them, at once or later."""
USUAL = {
    "egift": "sent>opened opened>clicked clicked>redeemed expired>refunded",
    "parcel": "order_received>fulfilling fulfilling>shipped shipped>delivered shipped>undeliverable",
    "order": "notified>opened opened>accepted accepted>paid paid>shipped shipped>delivered",
}
"""Steps that nobody needs to confirm."""
AT_ONCE = {
    "egift": {"out_of_stock", "unmapped"},
    "parcel": {"out_of_stock", "undeliverable", "unmapped"},
    "order": {"expired", "pending_payment", "unmapped"},
}
DAYS = {"order_received": 7, "fulfillment_issue": 3}
REFUNDING_WORDS = ("Bounced and Credited", "Expired and Credited", "Refunded")
BEFORE_THE_END = {
    "egift": {"sent": ("egift_unopened", "refunded", True), "opened": ("egift_unused", "expired", False),
              "clicked": ("egift_unused", "expired", False)},
    "parcel": {"confirming_address": ("address_unconfirmed", "confirmation_canceled", False)},
    "order": dict.fromkeys(("created", "notified", "opened"), ("gift_unaccepted", "expired", False)),
}  # fmt: skip
"""What becomes of a status at the end of the send: the rule, the new status, whether money goes back."""
REMINDERS = {"egift": "egift_reminder", "order": "gift_reminder"}
RESTED_UPON = ("set", "keep", "release", "escalate", "resolve")
PARTS = {
    "status": ("set", "keep", "release"),
    "owner": ("assign",),
    "escalation": ("escalate", "resolve"),
    "snooze": ("snooze", "done", "wake"),
}
"""The parts of a send that agents decide, by what they do to them; a note changes none."""


class PlainDesk:
    """Sends, all that was recorded of them, and the rules that are switched off."""

    def __init__(self) -> None:
        self.sends: dict[str, Send] = {}
        self.off: set[str] = set()
        self._recorded = 0

    def add(
        self, name: str, kind: str, created: datetime, ends: datetime | None, cost: int
    ) -> None:
        self.sends[name] = {
            "name": name, "kind": kind, "created": created, "ends": ends, "cost": cost,
            "log": [], "ledger": [],
        }  # fmt: skip

    # What platforms say

    def tell(self, name: str, facts: Iterable[tuple[str, datetime | None]], now: datetime) -> None:
        """The platform says words with their times; what it has said before is nothing new."""
        send = self.sends[name]
        known = WORDS[send["kind"]]
        rank = LIFECYCLE[send["kind"]].index
        made = [(at, known.get(word, "unmapped"), word) for word, at in facts]
        made.sort(key=lambda each: (each[0] is None, each[0] or now, rank(each[1])))
        for at, slug, word in made:
            self._record(send, now, what="fact", slug=slug, word=word, at=at)
        self._let_time_rule(send, now)

    def give_back(self, name: str, minor: int | None, at: datetime | None, now: datetime) -> None:
        self._record(self.sends[name], now, what="refund", at=at or now, minor=minor)
        self._let_time_rule(self.sends[name], now)

    def change_end(self, name: str, ends: datetime, now: datetime) -> None:
        self.sends[name]["ends"] = ends
        self._let_time_rule(self.sends[name], now)

    def _record(self, send: Send, now: datetime, **entry: Any) -> Entry:
        self._recorded += 1
        made = {"number": self._recorded, "heard": now, "gone": False, **entry}
        send["log"].append(made)
        self._keep_accounts(send)
        return made

    # What a send is

    def stands(self, send: Send, leaving_out: Entry | None = None) -> Shown:
        """Return what the platform, agents and rules have made of a send."""
        log = [each for each in send["log"] if not each["gone"] and each is not leaving_out]
        here: Shown = {
            "says": "", "slug": "unmapped", "word": "", "at": None, "began": send["created"],
            "uncertain": False, "override": None, "contested": None, "owner": "", "escalation": None,
            "snooze": None, "newest_override": 0,
        }  # fmt: skip
        for entry in _in_order(send, log):
            if entry["what"] == "fact":
                _say(send, here, entry)
            else:
                _act(here, entry)
        refunds = [each for each in log if each["what"] == "refund"]
        here["refunded_at"] = min((each["at"] for each in refunds), default=None)
        minors = [each["minor"] for each in refunds if each["minor"] is not None]
        here["refunded_minor"] = max(minors, default=None)
        here["paid_back"] = bool(refunds) or here["word"] in REFUNDING_WORDS
        ruled = [each for each in log if each["what"] == "rule"]
        mark = ruled[-1] if ruled and ruled[-1]["of"] == here["slug"] else None
        here["owed"] = mark if mark and mark["credit"] and not here["paid_back"] else None
        is_over = mark is None or mark["rule"] == "" or here["override"] is not None
        if is_over or here["newest_override"] > mark["number"]:  # type: ignore[index]
            mark = None
        here["mark"] = mark
        here["seen"] = (here["says"], mark["rule"] if mark else "", bool(refunds))
        snooze = here["snooze"]
        if snooze and not here["override"]:
            since = [each for each in ruled if each["number"] > snooze["number"]]
            held = [each["rule"] for each in since if each["of"] == here["slug"]]
            if any(rule != snooze["seen"][1] for rule in held):
                here["snooze"] = None
        if snooze and snooze["seen"] != here["seen"]:
            here["snooze"] = None
        return here

    def shown(self, name: str, now: datetime) -> Shown:
        """Return what an agent sees of a send, under the names that the desk gives it."""
        send = self.sends[name]
        here = self.stands(send)
        override, mark, snooze = here["override"], here["mark"], here["snooze"]
        status, since = here["slug"], here["began"]
        if override:
            status, since = override["to"], override["heard"]
        elif mark and mark["to"]:
            status, since = mark["to"], mark["at"]
        limit = None
        if here["contested"]:
            limit = here["contested"]
        elif status in AT_ONCE[send["kind"]]:
            limit = since
        elif status in DAYS:
            limit = since + DAYS[status] * DAY
        at_once = bool(here["contested"]) or status in AT_ONCE[send["kind"]]
        credit = here["owed"]["at"] + CREDIT_DAYS * DAY if here["owed"] else None
        follow_up = here["escalation"]["until"] if here["escalation"] else None
        until = snooze["until"] if snooze else None
        due = limit
        if due is None and mark and not mark["to"]:
            due = mark["ends"]
        if credit and not at_once:
            due = min(due or credit, credit)
        if due is None:
            due = follow_up or until

        def is_over(moment: datetime | None, now: datetime) -> bool:
            return moment is None or moment < now or (at_once and moment == now)

        waits = due is not None and is_over(due, now) and is_over(follow_up, now)
        hidden = snooze is not None and (
            snooze["what"] == "snooze" and (until is None or not is_over(until, now))
        )
        if snooze and snooze["what"] == "done":
            # What was over when an agent called it done comes back by a change alone.
            hidden = is_over(due, snooze["heard"]) and is_over(follow_up, snooze["heard"])
        return {
            "provider_status": here["slug"],
            "order_uncertain": here["uncertain"],
            "status": status,
            "since": since,
            "override_status": override["to"] if override else None,
            "override_by": override["by"] if override else "",
            "override_at": override["heard"] if override else None,
            "contested": here["contested"] is not None,
            "rule": mark["rule"] if mark else "",
            "owner": here["owner"],
            "escalated_at": here["escalation"]["heard"] if here["escalation"] else None,
            "follow_up_at": follow_up,
            "snooze": _kind_of_snooze(snooze),
            "snoozed_until": until,
            "refunded_at": here["refunded_at"],
            "refunded_minor": here["refunded_minor"],
            "at_once": at_once,
            "due_at": due,
            "credit_due_at": credit if due else None,
            "in_triage": waits and not hidden,
        }

    # What time does

    def run_rules(self, now: datetime) -> None:
        for send in self.sends.values():
            self._let_time_rule(send, now)

    def _let_time_rule(self, send: Send, now: datetime) -> None:
        """The rules look at a send, as they do at each that a platform tells of."""
        here = self.stands(send)
        if here["override"]:
            return
        made = [each for each in self._decisions(send, here) if each["at"] <= now]
        wanted = max(made, key=lambda each: (each["at"], bool(each["to"])), default=None)
        mark = here["mark"]
        if (
            wanted
            and mark
            and all(mark[key] == wanted[key] for key in ("rule", "at", "ends", "estimate"))
        ):
            return
        if wanted or mark:
            nothing = {
                "rule": "",
                "to": "",
                "at": now,
                "ends": None,
                "credit": False,
                "estimate": False,
            }
            self._record(send, now, what="rule", of=here["slug"], **(wanted or nothing))

    def _decisions(self, send: Send, here: Shown) -> list[dict[str, Any]]:
        kind, slug, ends = send["kind"], here["slug"], send["ends"]
        if kind == "egift" and slug == "bounced":
            found = [{"rule": "egift_bounced", "to": "refunded", "at": here["began"], "ends": None,
                      "credit": True, "estimate": False}]  # fmt: skip
        elif slug in BEFORE_THE_END[kind]:
            if ends is None and kind == "egift":
                ends = send["created"] + OFFER_DAYS * DAY
            if ends is None and kind == "parcel":
                ends = after_business_days(here["began"], ADDRESS_DAYS)
            if ends is None:
                return []
            name, to, credit = BEFORE_THE_END[kind][slug]
            found = [{"rule": name, "to": to, "at": ends, "ends": ends, "credit": credit}]
            if kind in REMINDERS:
                found.append({"rule": REMINDERS[kind], "to": "", "at": ends - REMINDED_BEFORE,
                              "ends": ends, "credit": False})  # fmt: skip
            for each in found:
                each["estimate"] = send["ends"] is None
                # What came after the end has been over since it came.
                each["at"] = max(each["at"], here["at"] or each["at"])
        else:
            found = []
        made = [each for each in found if each["rule"] not in self.off]
        mark = here["mark"]
        if (
            mark
            and mark["rule"] in self.off
            and any(mark["rule"] == each["rule"] for each in found)
        ):
            # What it did stays, unless the platform has told of another end.
            was_told = None if mark["estimate"] else mark["ends"]
            if mark["ends"] is None or was_told == send["ends"]:
                made.append(mark)
        return made

    def _keep_accounts(self, send: Send) -> None:
        """Write into the ledger what the newest entry has made of the money."""
        here, ledger = self.stands(send), send["ledger"]
        newest = ledger[-1] if ledger else None
        standing = newest if newest and newest["state"] != "withdrawn" else None
        if here["paid_back"]:
            minor = here["refunded_minor"]
            if minor is None:
                minor = standing["minor"] if standing else send["cost"]
            if not standing or (standing["state"], standing["minor"]) != ("confirmed", minor):
                rule = standing["rule"] if standing else ""
                ledger.append({"state": "confirmed", "rule": rule, "minor": minor, "at": None})
            return
        owed = here["owed"]
        wanted = owed and {"state": "expected", "rule": owed["rule"], "minor": send["cost"],
                           "at": owed["at"]}  # fmt: skip
        if standing and standing != wanted:
            ledger.append({**standing, "state": "withdrawn"})
        if wanted and standing != wanted:
            ledger.append(wanted)

    # What agents do

    def why_not(self, name: str, verb: str, now: datetime, **said: Any) -> str:
        """Return why an agent cannot do this; empty if it can, `unusual` if only by confirming it."""
        send = self.sends[name]
        here, seen = self.stands(send), self.shown(name, now)
        match verb:
            case "set" if said["to"] == seen["status"] and not seen["contested"]:
                return "is so already"
            case "set" if seen["status"] in ("unmapped", said["to"]):
                return ""
            case "set":
                usual = f"{seen['status']}>{said['to']}" in USUAL[send["kind"]].split()
                return "" if usual or said["force"] else "unusual"
            case "keep" if not here["contested"]:
                return "is not contested"
            case "release" if not here["override"]:
                return "has no override"
            case "assign" if here["owner"] == said["owner"]:
                return "is theirs already"
            case "resolve" if not here["escalation"]:
                return "is not escalated"
            case "wake" if not here["snooze"] or seen["in_triage"]:
                return "does not sleep"
            case "wake" if here["snooze"]["until"] and here["snooze"]["until"] <= now:
                return "is awake again"
        return ""

    def do(
        self, agent: str, verb: str, name: str, now: datetime, step: object = None, **said: Any
    ) -> None:
        """An agent does something to a send; what belongs to one *step* is taken back together."""
        send = self.sends[name]
        here = self.stands(send)
        if verb == "keep":
            said["to"] = here["override"]["to"]
        if verb in PARTS["snooze"]:
            said["seen"] = here["seen"]
        step = step or object()
        self._record(send, now, what=verb, by=agent, step=step, **said)

    def last_step(self, agent: str, what: str = "did") -> list[tuple[str, Entry]]:
        """Return what an agent did last, or took back last, newest first; empty if there is nothing.

        Args:
            agent: Who.
            what: `did`, or `undid`.
        """
        found = [
            (name, each)
            for name, send in self.sends.items()
            for each in send["log"]
            if each.get("by") == agent
            and not each["gone"]
            and (each["what"] == "undo") is (what == "undid")
            and not each.get("done again")
        ]
        found.sort(key=lambda each: -each[1]["number"])
        return [each for each in found if each[1]["step"] is found[0][1]["step"]]

    def is_moot(self, name: str, entry: Entry) -> bool:
        """Whether a send would stand just the same without what an agent did to it."""
        send = self.sends[name]
        part = _part(entry["what"])
        if part == "":
            return False
        return _of_part(self.stands(send), part) == _of_part(self.stands(send, entry), part)

    def undo(self, agent: str, name: str, entry: Entry, now: datetime, step: object) -> None:
        """An agent takes back what they did."""
        entry["gone"] = True
        self._record(
            self.sends[name], now, what="undo", by=agent, step=step, undoes=entry,
        )  # fmt: skip

    def redo(self, agent: str, name: str, undo: Entry, now: datetime, step: object) -> None:
        """An agent does again what they took back."""
        undo["done again"] = True
        again = {key: value for key, value in undo["undoes"].items() if key not in _ITS_OWN}
        self._record(self.sends[name], now, by=agent, step=step, **again)

    def stood_still_since(self, name: str, undo: Entry) -> bool:
        """Whether nothing was recorded of a send since an undo."""
        return bool(self.sends[name]["log"][-1] is undo)


_ITS_OWN = ("number", "heard", "gone", "by", "step", "done again")


def after_business_days(start: datetime, days: int) -> datetime:
    """Return the same time of day, so many days from Monday to Friday later; weekends do not count."""
    moment = start
    while moment.weekday() > 4:
        moment = datetime.combine(moment.date() + DAY, datetime.min.time(), start.tzinfo)
    while days:
        moment += DAY
        days -= moment.weekday() < 5
    return moment


def _in_order(send: Send, log: list[Entry]) -> list[Entry]:
    """Return facts and actions in the order in which they happened.

    At one moment the platform comes first. A fact without a time counts only if none is further along
    in the lifecycle; it comes after all that have one, and after what agents had done before it came.
    """

    def rank(fact: Entry) -> tuple[int, bool]:
        says_more = fact["word"] == "Bounced and Credited"
        return LIFECYCLE[send["kind"]].index(fact["slug"]), says_more

    facts = [each for each in log if each["what"] == "fact"]
    timed = [each for each in facts if each["at"]]
    actions = [each for each in log if each["what"] not in ("fact", "refund", "rule")]
    line = sorted(
        timed + actions,
        key=lambda each: (
            (each["at"], 0, rank(each), each["word"], each["number"])
            if each["what"] == "fact"
            else (each["heard"], 1, (0, False), "", each["number"])
        ),
    )
    untimed = [each for each in facts if not each["at"]]
    if untimed:
        best = max(untimed, key=lambda each: (rank(each), each["word"], -each["number"]))
        if all(rank(each) < rank(best) for each in timed):
            place = max(
                (
                    number
                    for number, each in enumerate(line, 1)
                    if each["what"] == "fact" or each["number"] < best["number"]
                ),
                default=0,
            )
            line.insert(place, best)
    return line


def _is_newer(fact: Entry, action: Entry) -> bool:
    """Whether a fact tells what an agent could not know: it came later, and is of a later time."""
    later = fact["number"] > action["number"]
    return later and (fact["at"] is None or fact["at"] > action["heard"])


def _say(send: Send, here: Shown, fact: Entry) -> None:
    says = fact["word"] if fact["slug"] == "unmapped" else fact["slug"]
    here["word"] = fact["word"]
    if says == here["says"]:
        return
    here["began"] = fact["at"] or here["began"]
    here["says"], here["slug"], here["at"] = says, fact["slug"], fact["at"]
    here["uncertain"] = fact["at"] is None
    snooze = here["snooze"]
    if snooze and _is_newer(fact, snooze) and says != snooze["seen"][0]:
        here["snooze"] = None
    override = here["override"]
    if not override or not _is_newer(fact, override):
        return
    if fact["slug"] == override["to"] or fact["slug"] in (
        MAY_FOLLOW[send["kind"]][override["to"]].split()
    ):
        here["override"] = here["contested"] = None
    else:
        newest = max((each["at"] for each in send["log"] if each["what"] == "fact" and each["at"]),
                     default=fact["heard"])  # fmt: skip
        here["contested"] = here["contested"] or fact["at"] or max(fact["heard"], newest)


def _act(here: Shown, entry: Entry) -> None:
    verb = entry["what"]
    if verb in ("set", "keep"):
        here["override"], here["newest_override"] = entry, entry["number"]
    if verb in PARTS["status"]:
        here["contested"] = None
    if verb == "release":
        here["override"] = None
    if verb == "assign":
        here["owner"] = entry["owner"]
    if verb in PARTS["escalation"]:
        here["escalation"] = entry if verb == "escalate" else None
    if verb in ("set", "keep", "release", "escalate", "wake"):
        here["snooze"] = None
    if verb in ("snooze", "done"):
        here["snooze"] = entry
    undone = entry.get("undoes")
    # Whoever snoozed it later took what is undone for granted.
    is_rested_upon = undone and undone["what"] in RESTED_UPON
    if is_rested_upon and here["snooze"] and here["snooze"]["number"] > undone["number"]:
        here["snooze"] = None


def _kind_of_snooze(snooze: Entry | None) -> str:
    if snooze is None:
        return ""
    if snooze["what"] == "done":
        return "done"
    return "time" if snooze["until"] else "change"


def _part(verb: str) -> str:
    return next((part for part, verbs in PARTS.items() if verb in verbs), "")


def _of_part(here: Shown, part: str) -> tuple[Any, ...]:
    """Return how one part of a send stands."""
    match part:
        case "status":
            return (here["override"] and here["override"]["number"], here["contested"])
        case "":
            return ()
        case "owner":
            return (here["owner"],)
        case _:
            standing = here[part] or {}
            return tuple(standing.get(key) for key in ("what", "heard", "until", "reference"))
