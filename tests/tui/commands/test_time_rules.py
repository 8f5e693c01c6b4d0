"""`senddesk rules`: listed, run, tried, switched and given other spans by the command line."""

from tests.support.command_line import Senddesk, shown

AFTER_ITS_END = ("--now", "2026-08-28T08:00:00Z")
"""Ninety days after S-102 was made; its platform gave no end."""


def test_the_rules_are_listed_with_what_they_match_and_do(senddesk: Senddesk) -> None:
    listed = senddesk("rules", "list", "--format", "json").json
    first = listed[0]
    assert (first["name"], first["on"], first["to"]) == ("egift_unopened", True, "refunded")
    assert all(each["matches"] and each["does"] and each["source"] for each in listed)
    table = senddesk("rules")
    assert table.code == 0
    assert all(each["name"] in table.out for each in listed)


def test_a_run_is_tried_done_and_done_once(anywhere: Senddesk) -> None:
    assert anywhere("rules", "run").err == "Nothing is due: no rule has anything to do.\n"

    tried = anywhere("rules", "run", "--dry-run", *AFTER_ITS_END)
    assert tried.code == 0
    assert tried.out.startswith("S-102  Opened: rule:egift_unused made it Expired, by an estimate")
    assert shown(anywhere, "S-102")["status"] == "opened"

    done = anywhere("rules", "run", "--format", "json", *AFTER_ITS_END)
    assert [(each["send"], each["rule"], each["to"], each["estimated"]) for each in done.json] == [
        ("S-102", "egift_unused", "expired", True)
    ]
    assert done.err == "Time has changed 1 send: 1 Expired.\n"
    assert anywhere("rules", "run", *AFTER_ITS_END).out == ""
    assert anywhere("db", "verify").code == 0

    send = shown(anywhere, "S-102")
    assert (send["status"], send["provider_status"]) == ("expired", "opened")
    assert (send["status_source"], send["rule"], send["estimated"]) == (
        "rule",
        "egift_unused",
        True,
    )
    newest = send["history"][-1]
    assert (newest["kind"], newest["actor"], newest["source"]) == (
        "time_rule",
        "rule:egift_unused",
        "cli",
    )
    case = anywhere("show", "S-102").out
    assert "an estimate: the platform gave no end" in case
    assert "rule:egift_unused made it Expired, by an estimate" in case
    assert anywhere("list", "is:ruled", "--format", "json").json[0]["id"] == "S-102"


def test_a_rule_that_is_off_has_nothing_to_do(senddesk: Senddesk) -> None:
    off = senddesk("rules", "switch", "egift_unused", "off")
    assert off.out == "egift_unused is off; 0 sends concerned\n"
    assert (
        senddesk("rules", "switch", "egift_unused", "off").out == "egift_unused was off already\n"
    )
    assert off.err == "`senddesk rules switch egift_unused on` puts it back.\n"
    senddesk("rules", "switch", "egift_reminder", "off")
    assert senddesk("rules", "run", *AFTER_ITS_END).out == ""
    assert not senddesk("rules", "list", "--format", "json").json[1]["on"]
    assert "rule egift_unused" in senddesk("thresholds", "log").out
    assert senddesk("rules", "switch", "egift_gone", "off").code == 1


def test_a_campaign_has_a_span_of_its_own(senddesk: Senddesk) -> None:
    assert senddesk("rules", "span", "egift", "9d", "--campaign", "Spring").code == 0
    assert senddesk("rules", "span", "egift", "1d").out == "egift: 1 day; 1 send concerned\n"
    spans = senddesk("rules", "span", "--format", "json").json
    assert [(each["key"], each["campaign"], each["span"]) for each in spans] == [
        ("egift", None, "1d"),
        ("egift", "Spring", "9d"),
        ("address", None, "7bd"),
        ("credit", None, "7d"),
    ]
    assert senddesk("rules", "run").out.startswith("S-102  Opened: rule:egift_unused")
    assert senddesk("rules", "span", "egift", "default").code == 0
    assert senddesk("rules", "run").out.startswith(
        "S-102  Expired: rule:egift_unused made it Opened again"
    )
    assert senddesk("rules", "span", "egift", "now").code == 2
    assert senddesk("rules", "span", "gone", "9d").code == 1
