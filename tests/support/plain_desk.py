"""A desk in plain Python: what becomes of sends, as the rules of the domain say it, and nothing more.

It imports nothing of the program. A send is a dict with all that was ever recorded of it, and what it
shows is worked out anew from that each time: slow, and short enough to be read against the rules.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.support.plain_calendar import PlainCalendar
from tests.support.plain_domain import (
    ARRIVED,
    ASKED,
    BEFORE_THE_END,
    LIFECYCLE,
    LIMITS,
    LOST,
    MAY_FOLLOW,
    MOVING,
    NOT_ACCEPTED,
    NOT_SHIPPED,
    PARCEL_STATES,
    PARTS,
    PLATFORM,
    REFUNDING_WORDS,
    REMINDED_BEFORE,
    REMINDERS,
    RESTED_UPON,
    SPANS,
    USUAL,
    WORDS,
)

Send = dict[str, Any]
Entry = dict[str, Any]
Parcel = dict[str, Any]
Shown = dict[str, Any]
Stay = dict[str, Any]
Told = tuple[str, datetime | None]
"""A word of a platform, and since when."""


class PlainDesk:
    """Sends, all that was recorded of them, and the settings of the team."""

    def __init__(self) -> None:
        self.sends: dict[str, Send] = {}
        self.off: set[str] = set()
        """The rules that are switched off."""
        self.limits: dict[str, str] = {}
        """The team's own limits, by platform and status."""
        self.spans: dict[tuple[str, bool], str] = {}
        """The team's own usual spans, by name, and whether it is just for the campaign of these sends."""
        self.calendar = PlainCalendar()
        self.has_hours = False
        """Whether the team has said when it works."""
        self._recorded = 0

    def add(self, name: str, kind: str, created: datetime, ends: datetime | None) -> None:
        self.sends[name] = {
            "name": name, "kind": kind, "created": created, "ends": ends, "starts": None, "made": None,
            "cost": None, "parcels": {}, "asked": None, "log": [], "ledger": [], "stays": [],
            "breaches": [],
        }  # fmt: skip

    # What platforms say

    def tell(
        self,
        name: str,
        now: datetime,
        facts: Iterable[Told] = (),
        *,
        happened: datetime | None = None,
        parcels: Sequence[Parcel] = (),
        **details: Any,
    ) -> None:
        """The platform says words with their times; what it has said before is nothing new.

        Args:
            name: The send.
            now: The present.
            facts: The words.
            happened: When a word without a time came about, if that is known all the same.
            parcels: What it says of parcels.
            details: New values of what else is known of the send; `refund` is money that it gave back.
        """
        send = self.sends[name]
        known = WORDS[send["kind"]]
        rank = LIFECYCLE[send["kind"]].index
        refund = details.pop("refund", None)
        made = details.pop("made", None)
        send.update(details)
        if made is not None:
            # No order is unmade: an older message was overtaken.
            send["made"] = max(made, send["made"] or 0)
        told = [(at, known.get(word, "unmapped"), word) for word, at in facts]
        told.sort(key=lambda each: (each[0] is None, each[0] or now, rank(each[1])))
        for at, slug, word in told:
            self._record(send, now, what="fact", slug=slug, word=word, at=at, assumed=happened)
        for parcel in parcels:
            before = send["parcels"].get(parcel["id"])
            send["parcels"][parcel["id"]] = _both(before, parcel) if before else parcel
        self._derive(send, now)
        if refund:
            at, minor = refund
            self._record(send, now, what="refund", at=at or now, minor=minor)
        self._let_time_rule(send, now)
        self._keep_times(send)

    def _derive(self, send: Send, now: datetime) -> None:
        """Give a send the status that its parcels or its schedule make of what the platform says."""
        if PLATFORM[send["kind"]] != "goody":
            return
        here = self.stands(send)
        said = self.stands(send, [each for each in send["log"] if each["what"] == "fact"])
        found = _made_of_it(send, said["slug"], now)
        slug, at, starts = found or (said["slug"], now, None)
        if (slug, starts) == (here["slug"], here["starts"]):
            return
        at = max(at, here["at"] or at) if found else now
        word = slug.replace("_", " ").title() if found else said["word"]
        self._record(
            send, now, what="derived", of=here["slug"], slug=slug, word=word, at=at, starts=starts
        )

    def _record(self, send: Send, now: datetime, **entry: Any) -> Entry:
        self._recorded += 1
        made = {"number": self._recorded, "heard": now, "gone": False, **entry}
        send["log"].append(made)
        self._keep_accounts(send)
        return made

    # What a send is

    def stands(self, send: Send, log: Iterable[Entry] | None = None) -> Shown:
        """Return what the platform, agents and rules have made of a send, as its *log* tells it."""
        here: Shown = {
            "says": "", "slug": "", "word": "", "at": None, "began": send["created"], "starts": None,
            "uncertain": False, "override": None, "contested": None, "owner": "", "escalation": None,
            "snooze": None, "newest_override": 0, "refunded_at": None, "refunded_minor": None,
            "mark": None, "owed": None, "stays": [],
        }  # fmt: skip
        stay: Stay = {"status": "", "began": None}
        told = send["log"] if log is None else log
        for moment, entry in _in_order(send, [each for each in told if not each["gone"]]):
            _take_in(send, here, entry, moment)
            status, since = _in_force(here)
            if status != stay["status"]:
                ended = None if entry["what"] == "fact" and entry["at"] is None else moment
                if stay["began"] and ended and ended > stay["began"]:
                    here["stays"].append({**stay, "ended": ended, "next": status})
                stay = {"status": status, "began": ended}
            stay |= {"runs": _runs_from(here, since), "contested": here["contested"]}
        if here["snooze"] and here["snooze"]["seen"] != _seen(here):
            here["snooze"] = None
        return here

    def shown(self, name: str, now: datetime) -> Shown:
        """Return what an agent sees of a send, under the names that the desk gives it."""
        send = self.sends[name]
        here = self.stands(send)
        override, mark, snooze = here["override"], here["mark"], here["snooze"]
        status, since = _in_force(here)
        limit = self.limit_of(send["kind"], status)
        at_once = bool(here["contested"]) or limit == "now"
        due = here["contested"]
        if due is None and limit:
            due = self.calendar.after(_runs_from(here, since), limit)
        if due is None and mark and not mark["to"]:
            due = mark["ends"]
        credit = None
        if _owed(here):
            credit = self.calendar.after(_owed(here)["at"], self._span("credit"))
            if not at_once:
                due = min(due or credit, credit)
        follow_up = here["escalation"]["until"] if here["escalation"] else None
        until = snooze["until"] if snooze else None
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
            "provider_raw": here["word"],
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
            "expires_at": send["ends"],
            "scheduled_at": send["starts"],
            "orders_count": send["made"],
            "cost_minor": send["cost"],
            "at_once": at_once,
            "due_at": due,
            "credit_due_at": credit if due else None,
            "in_triage": waits and not hidden,
        }

    def credit(self, name: str, now: datetime) -> tuple[str, int | None] | None:
        """Return how the credit of a send stands, and of how much; None if there is none."""
        ledger = self.sends[name]["ledger"]
        if not ledger or ledger[-1]["state"] == "withdrawn":
            return None
        due = self.shown(name, now)["credit_due_at"]
        is_late = due is not None and due < now
        return "overdue" if is_late else ledger[-1]["state"], ledger[-1]["minor"]

    def limit_of(self, kind: str, status: str) -> str:
        """Return how long a send may be in a status; empty if as long as it likes."""
        if status == "unmapped":
            return "now"
        key = f"{PLATFORM[kind]}:{status}"
        limit = self.limits.get(key, LIMITS.get(key, ""))
        return "" if limit == "off" else limit

    def _span(self, name: str) -> str:
        usual = self.spans.get((name, False), SPANS[name])
        return self.spans.get((name, True), usual)

    # What time does

    def run_rules(self, now: datetime) -> None:
        for send in self.sends.values():
            self._let_time_rule(send, now)
            self._keep_times(send)

    def _let_time_rule(self, send: Send, now: datetime) -> None:
        """The rules look at a send, as they do at each that a platform tells of."""
        here = self.stands(send)
        if here["override"]:
            return
        made = [each for each in self._decisions(send, here) if each["at"] <= now]
        wanted = max(made, key=lambda each: (each["at"], bool(each["to"])), default=None)
        mark, same = here["mark"], ("rule", "at", "ends", "is_estimate")
        if wanted and mark and all(mark[key] == wanted[key] for key in same):
            return
        if wanted or mark:
            nothing = {"rule": "", "to": "", "at": now, "credit": None}
            self._record(send, now, what="rule", of=here["slug"], **(wanted or nothing))

    def _decisions(self, send: Send, here: Shown) -> list[dict[str, Any]]:
        kind, slug, ends = send["kind"], here["slug"], send["ends"]
        # What cost nothing is given back by nobody.
        money = send["cost"] or None
        if kind == "egift" and slug == "bounced":
            found = [{"rule": "egift_bounced", "to": "refunded", "at": here["began"], "ends": None,
                      "is_estimate": False, "credit": money}]  # fmt: skip
        elif slug in BEFORE_THE_END[kind]:
            if ends is None and kind == "egift":
                ends = self.calendar.after(send["created"], self._span("egift"))
            if ends is None and kind == "parcel":
                ends = self.calendar.after(here["began"], self._span("address"))
            if ends is None:
                return []
            name, to, is_credited = BEFORE_THE_END[kind][slug]
            end = {"ends": ends, "is_estimate": send["ends"] is None}
            found = [
                {
                    "rule": name,
                    "to": to,
                    "at": ends,
                    **end,
                    "credit": money if is_credited else None,
                }
            ]
            if kind in REMINDERS:
                at = ends - REMINDED_BEFORE
                found.append({"rule": REMINDERS[kind], "to": "", "at": at, **end, "credit": None})
            for each in found:
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
            was_told = None if mark["is_estimate"] else mark["ends"]
            if mark["ends"] is None or was_told == send["ends"]:
                made.append(mark)
        return made

    # What is kept of money and of time

    def _keep_accounts(self, send: Send) -> None:
        """Write into the ledger what the newest entry has made of the money."""
        here, ledger = self.stands(send), send["ledger"]
        newest = ledger[-1] if ledger else None
        standing = newest if newest and newest["state"] != "withdrawn" else None
        if _is_paid_back(here):
            minor = here["refunded_minor"]
            if minor is None:
                minor = standing["minor"] if standing else send["cost"]
            if not standing or (standing["state"], standing["minor"]) != ("confirmed", minor):
                rule = standing["rule"] if standing else ""
                ledger.append({"state": "confirmed", "rule": rule, "minor": minor, "at": None})
            return
        owed = here["owed"]
        wanted = owed and {"state": "expected", "rule": owed["rule"], "minor": owed["credit"],
                           "at": owed["at"]}  # fmt: skip
        if standing and standing != wanted:
            ledger.append({**standing, "state": "withdrawn"})
        if wanted and standing != wanted:
            ledger.append(wanted)

    def _keep_times(self, send: Send) -> None:
        """Keep which statuses have ended, and which of them outlasted the limits of today."""
        before, after = send["stays"], self.stands(send)["stays"]
        for stay in before:
            if stay not in after:
                gone = (stay["status"], stay["began"])
                send["breaches"] = [each for each in send["breaches"] if each[:2] != gone]
        for stay in after:
            if stay not in before and (breach := self._breach(send, stay)):
                send["breaches"].append(breach)
        send["stays"] = after

    def _breach(self, send: Send, stay: Stay) -> tuple[Any, ...] | None:
        """Return when a person was needed for a send during a stay, with its status; None if never."""
        limit, due = self.limit_of(send["kind"], stay["status"]), stay["contested"]
        if due is None and limit:
            due = self.calendar.after(stay["runs"], limit)
        if due is None or max(due, stay["began"]) >= stay["ended"]:
            return None
        return stay["status"], stay["began"], max(due, stay["began"]), stay["ended"]

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
            case "cancel" | "extend" if send["kind"] != "order" or here["slug"] not in NOT_ACCEPTED:
                return "is nothing that its platform does"
        return ""

    def do(
        self, agent: str, verb: str, name: str, now: datetime, step: object = None, **said: Any
    ) -> None:
        """An agent does something to a send; what belongs to one *step* is taken back together."""
        send = self.sends[name]
        here = self.stands(send)
        if verb == "keep":
            said["to"] = here["override"]["to"]
        if verb == "escalate" and said["until"] is None:
            # Nobody wants to be reminded at night.
            usual = PlainCalendar(9, 17, holidays=self.calendar.holidays)
            hours = self.calendar if self.has_hours else usual
            said["until"] = hours.after(now, "2bd")
        if verb in PARTS["snooze"]:
            said["seen"] = _seen(here)
        step = step or object()
        self._record(send, now, what=verb, by=agent, step=step, **said)
        self._keep_times(send)

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
        """Whether what an agent did cannot be taken back, or a send would stand the same without it."""
        if entry["what"] in ASKED:
            return True
        send, part = self.sends[name], _part(entry["what"])
        rest = [each for each in send["log"] if each is not entry]
        return part != "" and (
            _of_part(self.stands(send), part) == _of_part(self.stands(send, rest), part)
        )

    def undo(self, agent: str, name: str, entry: Entry, now: datetime, step: object) -> None:
        """An agent takes back what they did."""
        entry["gone"] = True
        send = self.sends[name]
        self._record(send, now, what="undo", by=agent, step=step, undoes=entry)
        self._keep_times(send)

    def redo(self, agent: str, name: str, undo: Entry, now: datetime, step: object) -> None:
        """An agent does again what they took back."""
        undo["done again"] = True
        again = {key: value for key, value in undo["undoes"].items() if key not in _ITS_OWN}
        self._record(self.sends[name], now, by=agent, step=step, **again)
        self._keep_times(self.sends[name])

    def stood_still_since(self, name: str, undo: Entry) -> bool:
        """Whether nothing was recorded of a send since an undo."""
        return bool(self.sends[name]["log"][-1] is undo)


_ITS_OWN = ("number", "heard", "gone", "by", "step", "done again")


def _both(known: Parcel, told: Parcel) -> Parcel:
    """Return what is known of a parcel by two reports: the later one, and what only the other says."""

    def place(parcel: Parcel) -> tuple[datetime, int]:
        times = [each for each in (parcel["shipped"], parcel["delivered"]) if each]
        return max(times, default=datetime.min.replace(tzinfo=UTC)), PARCEL_STATES.index(
            parcel["state"]
        )

    first, second = (told, known) if place(told) >= place(known) else (known, told)
    return {key: first[key] or second[key] for key in first}


def _made_of_it(
    send: Send, said: str, now: datetime
) -> tuple[str, datetime, datetime | None] | None:
    """Return the status that parcels or a schedule make of what the platform *said*, if any do.

    Returns:
        The status, since when, and from when its limit runs if not from then.
    """
    parcels = send["parcels"].values()
    states = [each["state"] for each in parcels]
    if said == "batch_pending" and send["starts"]:
        return "batch_scheduled", now, send["starts"]
    if said not in ("failed", "canceled") and any(state in LOST for state in states):
        return "shipment_failed", now, None
    if said in (*NOT_SHIPPED, "shipped") and states and all(state in ARRIVED for state in states):
        arrivals = [each["delivered"] for each in parcels]
        return "delivered", min(max(arrivals), now) if all(arrivals) else now, None
    if said in NOT_SHIPPED and any(state in MOVING for state in states):
        left = [each["shipped"] for each in parcels if each["shipped"]]
        return "shipped", min((*left, now)), None
    return None


def _in_order(send: Send, log: Sequence[Entry]) -> list[tuple[datetime, Entry]]:
    """Return what was recorded with its moments, in the order in which it counts.

    That is what the platform says by its own times, at one moment by the lifecycle, and what agents did as
    they did it. A word of the platform comes after all that it is newer than. One without a time counts
    only if none is further along in the lifecycle; it comes after all that have one, but before what was
    derived of it. Refunds and what time has made of a send decide nothing about the rest.
    """

    def rank(fact: Entry) -> tuple[int, bool]:
        says_more = fact["word"] == "Bounced and Credited"
        return LIFECYCLE[send["kind"]].index(fact["slug"]), says_more

    def place(each: Entry) -> tuple[Any, ...]:
        if each["what"] == "derived":
            return each["at"], 1, each["number"]
        return each["at"], 0, rank(each), each["word"], each["number"]

    facts = [each for each in log if each["what"] == "fact"]
    timed = [each for each in facts if each["at"]]
    untimed = [each for each in facts if not each["at"]]
    derived = [each for each in log if each["what"] == "derived"]
    said = [(each["at"], each) for each in sorted(timed + derived, key=place)]
    if untimed:
        best = max(untimed, key=lambda each: (rank(each), each["word"], -each["number"]))
        if all(rank(each) < rank(best) for each in timed):
            heard = min(best["assumed"] or best["heard"], best["heard"])
            moment = max([heard, *(at for at, _ in said)])

            def is_of_it(each: Entry) -> bool:
                return each["what"] == "derived" and bool(each["number"] > best["number"])

            said.sort(key=lambda told: is_of_it(told[1]))
            first = sum(not is_of_it(each) for _, each in said)
            said.insert(first, (moment, best))
    apart = [each for each in log if each["what"] in ("refund", "rule")]
    acts = [each for each in log if each["what"] not in ("fact", "derived", "refund", "rule")]
    line: list[tuple[datetime, Entry]] = []
    for moment, each in said:
        while any(_is_newer(each, act) for act in acts):
            line.append((acts[0]["heard"], acts.pop(0)))
        line.append((moment, each))
    line += [(act["heard"], act) for act in acts]
    return [*line, *((each["at"], each) for each in apart)]


def _is_newer(said: Entry, action: Entry) -> bool:
    """Whether a platform says what an agent could not know: it came later, and is of a later time."""
    later = said["number"] > action["number"]
    return bool(later and (said["at"] is None or said["at"] > action["heard"]))


def _take_in(send: Send, here: Shown, entry: Entry, moment: datetime) -> None:
    match entry["what"]:
        case "fact":
            _say(send, here, entry, moment)
        case "derived":
            # It holds only for what it was derived from.
            if entry["of"] == here["slug"]:
                _say(send, here, entry, moment)
                here["starts"] = entry["starts"]
        case "refund":
            here["refunded_at"] = min(here["refunded_at"] or moment, moment)
            minors = [each for each in (here["refunded_minor"], entry["minor"]) if each is not None]
            here["refunded_minor"] = max(minors, default=None)
        case "rule":
            _let_pass(here, entry)
        case _:
            _act(here, entry)


def _say(send: Send, here: Shown, said: Entry, moment: datetime) -> None:
    says = said["word"] if said["slug"] == "unmapped" else said["slug"]
    here["word"] = said["word"]
    if says == here["says"]:
        return
    is_dated = bool(said["at"] or said["assumed"])
    here["began"] = moment if is_dated else here["began"]
    here["says"], here["slug"], here["at"] = says, said["slug"], moment if is_dated else None
    here["uncertain"], here["starts"] = not is_dated, None
    snooze = here["snooze"]
    if snooze and _is_newer(said, snooze) and says != snooze["seen"][0]:
        here["snooze"] = None
    override = here["override"]
    if not override or not _is_newer(said, override):
        return
    if said["slug"] == override["to"] or said["slug"] in (
        MAY_FOLLOW[send["kind"]][override["to"]].split()
    ):
        here["override"] = here["contested"] = None
    else:
        here["contested"] = here["contested"] or max(moment, override["heard"])


def _let_pass(here: Shown, rule: Entry) -> None:
    """A rule holds, if it has looked at what the platform says now and no agent has decided since."""
    is_of_this = rule["of"] == here["slug"]
    here["owed"] = rule if rule["credit"] is not None and is_of_this else None
    holds = rule["rule"] and is_of_this and not here["override"]
    here["mark"] = rule if holds and rule["number"] > here["newest_override"] else None
    snooze = here["snooze"]
    is_later = here["mark"] and snooze and snooze["number"] < rule["number"]
    if is_later and snooze["seen"] != _seen(here):
        here["snooze"] = None


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


def _in_force(here: Shown) -> tuple[str, datetime]:
    """Return the status in force, and since when: an agent's, else a rule's, else the platform's."""
    override, mark = here["override"], here["mark"]
    if override:
        return override["to"], override["heard"]
    if mark and mark["to"]:
        return mark["to"], mark["at"]
    return here["slug"], here["began"]


def _runs_from(here: Shown, since: datetime) -> datetime:
    """Return from when the limit of the status in force runs."""
    is_reported = not here["override"] and not (here["mark"] and here["mark"]["to"])
    return here["starts"] or since if is_reported else since


def _seen(here: Shown) -> tuple[str, str, bool]:
    """Return what ends a snooze once it is another."""
    return here["says"], here["mark"]["rule"] if here["mark"] else "", bool(here["refunded_at"])


def _is_paid_back(here: Shown) -> bool:
    return bool(here["refunded_at"]) or here["word"] in REFUNDING_WORDS


def _owed(here: Shown) -> Entry | None:
    return None if _is_paid_back(here) else here["owed"]


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
        case "owner":
            return (here["owner"],)
        case _:
            standing = here[part] or {}
            return tuple(standing.get(key) for key in ("what", "heard", "until", "reference"))
