"""What every platform has to have; a further one is held to it as soon as it is in `PROVIDERS`."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from models.providers import PROVIDERS, catalogue
from models.providers.incoming import BadPayload
from models.providers.payload_fields import bare_word
from models.providers.provider import Provider
from models.providers.replies import NoReply, To
from models.providers.status import BATCH_TYPE, Stage, Status, reachable
from models.providers.webhooks import EVENT_LIMIT, Told
from models.rules.reply import BOTH, check, reply_names
from tests.support.lifecycles import statuses_of_type

EVERY = [status for provider in PROVIDERS for status in provider.statuses]
WORDS = [
    (status, word) for status in EVERY for word in (status.slug, status.label, *status.aliases)
]
KEYS = [provider.key for provider in PROVIDERS]
every_status = pytest.mark.parametrize("status", EVERY, ids=lambda status: status.key)
every_platform = pytest.mark.parametrize("platform", PROVIDERS, ids=lambda platform: platform.key)


def test_no_two_platforms_share_a_key_a_name_a_letter_or_a_type() -> None:
    for names in (
        KEYS,
        [each.name for each in PROVIDERS],
        [each.letter for each in PROVIDERS],
        [kind for each in PROVIDERS for kind in each.types],
        [name for each in PROVIDERS for name in each.marker_columns],
    ):
        assert max(Counter(names).values()) == 1


@every_platform
def test_names_of_columns_are_written_as_headers_are_compared(platform: Provider) -> None:
    names = [
        *platform.marker_columns,
        *(each for all_ in platform.columns.values() for each in all_),
    ]
    assert names
    assert names == [bare_word(name) for name in names]


@every_platform
def test_a_platform_reads_and_tells_its_own(platform: Provider) -> None:
    assert platform.name in platform.record
    assert platform.support
    assert platform.json_lists
    assert not platform.payloads.recognises({})


@every_platform
def test_stories_of_the_demo_are_told_in_words_of_the_platform(platform: Provider) -> None:
    sends = platform.demo_sends
    assert sends is not None
    for story in (*sends.FINISHED, *sends.RUNNING, *sends.STUCK):
        assert story.provider == platform.key
        assert story.type in platform.types
    for story in (*sends.FINISHED, *sends.RUNNING):
        assert all(catalogue.resolve(platform.key, word, story.type) for word in story.words)


@every_status
def test_a_short_word_fits_the_list(status: Status) -> None:
    assert len(status.short_word) <= len("approval")
    assert not status.soft_problem or status.stage is Stage.PROBLEM


@pytest.mark.parametrize("provider", KEYS)
def test_no_two_rows_share_a_slug(provider: str) -> None:
    rows = catalogue.provider(provider).statuses
    assert len({status.slug for status in rows}) == len(rows)
    assert {status.provider for status in rows} == {provider}


@every_status
def test_a_row_says_all_that_an_agent_reads(status: Status) -> None:
    for text in (status.meaning, status.advice):
        assert 20 <= len(text) <= 160
        assert text[0].isupper()
        assert text.endswith(".")
        assert len(re.findall(r"\.(?:\s|$)", text)) <= 2
    assert status.meaning != status.advice
    assert status.label
    assert status.source
    assert status.threshold is None or (status.threshold.source and status.contact)


@pytest.mark.parametrize("provider", KEYS)
@pytest.mark.parametrize("attribute", ["meaning", "label"])
def test_no_two_rows_of_a_platform_say_the_same(provider: str, attribute: str) -> None:
    said = Counter(getattr(status, attribute) for status in catalogue.STATUSES[provider].values())
    assert max(said.values()) == 1


def test_ranks_order_the_statuses_of_a_type_without_ties() -> None:
    for provider in PROVIDERS:
        for kind in provider.types:
            ranks = [status.rank for status in provider.statuses if kind in status.types]
            assert ranks == sorted(set(ranks))


@every_status
def test_types_are_types_of_the_platform(status: Status) -> None:
    assert status.types
    assert set(status.types) <= set(catalogue.provider(status.provider).types)


@every_status
def test_next_statuses_exist_and_suit_the_type(status: Status) -> None:
    following = catalogue.may_follow(status.provider, status.slug)
    assert [each.slug for each in following] == list(status.next)
    assert status.slug not in status.next
    assert len(set(status.next)) == len(status.next)
    for each in following:
        assert set(each.types) & set(status.types)


@every_status
def test_every_status_has_a_way_to_an_end_in_each_of_its_types(status: Status) -> None:
    for kind in status.types:
        ahead = {status.slug} | reachable(statuses_of_type(status.provider, kind), status.slug)
        ends = {slug for slug in ahead if catalogue.status(status.provider, slug).final}
        assert ends
        assert status.final or catalogue.may_follow(status.provider, status.slug, kind)


@every_status
def test_a_final_status_leads_to_final_ones_only(status: Status) -> None:
    following = catalogue.may_follow(status.provider, status.slug)
    assert not status.final or all(each.final for each in following)


@every_status
def test_ends_rank_above_everything_else(status: Status) -> None:
    assert status.final == (status.rank >= 100)
    assert status.final == (status.stage in {Stage.DONE, Stage.CLOSED})


@pytest.mark.parametrize("provider", KEYS)
def test_unmapped_ranks_between_steps_and_ends(provider: str) -> None:
    ranks = {status.rank: status.final for status in catalogue.STATUSES[provider].values()}
    unmapped = catalogue.status(provider, "unmapped").rank
    assert max(rank for rank, final in ranks.items() if not final) < unmapped
    assert unmapped < min(rank for rank, final in ranks.items() if final)


def test_paths_lead_from_first_to_last() -> None:
    for provider in PROVIDERS:
        assert set(provider.paths) == set(provider.types)
        for path in (*provider.paths.values(), *provider.alternative_paths):
            steps = [catalogue.STATUSES[provider.key][slug] for slug in path]
            assert set.intersection(*(set(status.types) for status in steps))
            assert steps[-1].stage is Stage.DONE
            for earlier, later in pairwise(steps):
                assert earlier.rank < later.rank
                assert later.slug in earlier.next


@pytest.mark.parametrize("provider", KEYS)
def test_no_name_stands_for_two_statuses_of_one_type(provider: str) -> None:
    for kind in catalogue.provider(provider).types:
        owners: dict[str, set[str]] = {}
        for status, word in WORDS:
            if status.provider == provider and kind in status.types:
                plain = re.sub(r"[\s_/*-]+", "_", word.lower()).strip("_")
                owners.setdefault(plain.replace("cancelled", "canceled"), set()).add(status.slug)
        assert {word: slugs for word, slugs in owners.items() if len(slugs) > 1} == {}


@pytest.mark.parametrize(("status", "word"), WORDS)
def test_every_name_resolves_in_odd_spellings(status: Status, word: str) -> None:
    spellings = [
        word,
        word.upper(),
        word.lower(),
        f"  {word}\t",
        f"*{word}",
        word.replace(" ", "_").replace("_", " - "),
        word.replace(" ", "\u00a0"),
        word.replace("anceled", "ancelled"),
    ]
    for spelling in spellings:
        assert catalogue.resolve(status.provider, spelling, status.types[0]) is status
        for kind in status.types:
            assert catalogue.resolve(status.provider, spelling, kind) is status


@every_platform
def test_every_status_has_what_is_written_about_it(platform: Provider) -> None:
    slugs = {status.slug for status in platform.statuses}
    assert set(platform.replies) == {*slugs, "unmapped"}
    names = [str(name) for name in reply_names() if name.provider == platform.key]
    assert max(Counter(names).values()) == 1


@every_platform
@pytest.mark.parametrize("to", BOTH)
def test_a_text_is_a_short_letter_or_there_is_a_reason_for_none(platform: Provider, to: To) -> None:
    for row in platform.replies.values():
        for text in (row.text(to, late=False), row.text(to, late=True)):
            if isinstance(text, NoReply):
                assert re.fullmatch(r"[A-Z].{20,120}\.", text.why)
                continue
            check(text, to)
            assert text.startswith("$hello\n\n")
            assert text.endswith("\n\nKind regards\n")
            assert len(text.split()) <= 90
            # What is not known is named by words that begin with a small letter.
            assert not re.search(r"(?:^|[.?!]\s)\$(?!hello|platform|support)", text)
            assert not re.search(r"  |\n\n\n", text)


@every_platform
def test_both_hear_something_while_a_problem_can_be_settled_by_them(platform: Provider) -> None:
    for status in platform.statuses:
        assert isinstance(platform.replies[status.slug].to_sender, str)
        is_batch = BATCH_TYPE in status.types
        if status.stage in {Stage.WAITING, Stage.MOVING, Stage.DONE} and not is_batch:
            assert isinstance(platform.replies[status.slug].to_recipient, str)


@every_platform
def test_a_late_text_belongs_to_a_status_that_can_be_late(platform: Provider) -> None:
    for status in platform.statuses:
        row = platform.replies[status.slug]
        if row.late_to_sender or row.late_to_recipient:
            assert status.threshold is not None
            assert not status.threshold.limit.at_once
        elif status.threshold is not None and platform.key in ("sendoso", "goody"):
            assert status.threshold.limit.at_once


@every_platform
def test_what_a_webhook_is_about_is_told_whatever_it_holds(platform: Provider) -> None:
    webhooks = platform.webhook
    assert webhooks is not None
    assert len({*webhooks.EVENTS}) == len(webhooks.EVENTS) > 0
    assert all(0 < len(event) <= EVENT_LIMIT for event in webhooks.EVENTS)
    for payload in ({}, {"data": 7, "event_type": [], "send_gid": {}, "box": None, "happened": {}}):
        found = webhooks.told(payload, "")
        assert (found.event in webhooks.EVENTS, found.subject) == (False, "")
        with pytest.raises(BadPayload):
            webhooks.read(payload, Told(webhooks.EVENTS[0], ""), "")
