"""The catalogue is complete, consistent and certain about names."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.providers import PROVIDERS, catalogue
from models.providers.status import Stage, Status, reachable
from models.values.calendar import AT_ONCE, Limit
from tests.support.lifecycles import statuses_of_type

SENDOSO = {
    "waiting": "sent opened clicked confirming_address",
    "working": "initiated order_received fulfilling amazon_fulfilling",
    "moving": "shipped amazon_shipped",
    "done": "redeemed delivered",
    "closed": "expired refunded bounced confirmation_canceled canceled",
    "problem": (
        "fulfillment_issue undeliverable failed insufficient_funds invalid_email_format "
        "suspicious_email out_of_stock pending_approval pending_sendoso_approval blocked "
        "email_blacklist"
    ),
}
GOODY = {
    "waiting": "notified opened",
    "working": "created accepted paid ordered batch_pending batch_scheduled",
    "moving": "shipped",
    "done": "delivered batch_complete",
    "closed": "failed canceled batch_canceled",
    "problem": "pending_payment expired pending_user_approval shipment_failed batch_failed",
}
EXPECTED = {"sendoso": SENDOSO, "goody": GOODY}
LIMITS = {
    "sendoso:order_received": Limit(7),
    "sendoso:fulfillment_issue": Limit(3),
    "sendoso:undeliverable": AT_ONCE,
    "sendoso:failed": AT_ONCE,
    "sendoso:insufficient_funds": AT_ONCE,
    "sendoso:invalid_email_format": AT_ONCE,
    "sendoso:suspicious_email": AT_ONCE,
    "sendoso:out_of_stock": AT_ONCE,
    "sendoso:blocked": AT_ONCE,
    "sendoso:email_blacklist": AT_ONCE,
    "goody:pending_payment": AT_ONCE,
    "goody:expired": AT_ONCE,
    "goody:shipment_failed": AT_ONCE,
    "goody:batch_pending": Limit(1, "h"),
    "goody:batch_scheduled": Limit(1, "h"),
    "goody:batch_failed": AT_ONCE,
}
BEGINNINGS = {
    *("sendoso:initiated", "goody:created", "goody:pending_user_approval"),
    "goody:batch_pending",
}
EVERY = [status for provider in EXPECTED for status in catalogue.STATUSES[provider].values()]
WORDS = [
    (status, word) for status in EVERY for word in (status.slug, status.label, *status.aliases)
]
every_status = pytest.mark.parametrize("status", EVERY, ids=lambda status: status.key)


@pytest.mark.parametrize("provider", EXPECTED)
def test_every_status_of_the_platforms_is_there_in_its_stage(provider: str) -> None:
    found = {slug: status.stage for slug, status in catalogue.STATUSES[provider].items()}
    wanted = {slug: stage for stage, slugs in EXPECTED[provider].items() for slug in slugs.split()}
    assert found == wanted


def test_limits_are_those_of_the_platforms() -> None:
    found = {status.key: status.threshold.limit for status in EVERY if status.threshold}
    assert found == LIMITS


@every_status
def test_every_status_can_be_reached_in_each_of_its_types(status: Status) -> None:
    for kind in status.types:
        known = statuses_of_type(status.provider, kind)
        starts = [slug for slug, each in known.items() if each.key in BEGINNINGS]
        reached = set(starts).union(*(reachable(known, slug) for slug in starts))
        assert status.slug in reached


def test_refunded_is_the_last_word() -> None:
    ranks = {slug: status.rank for slug, status in catalogue.STATUSES["sendoso"].items()}
    assert max(ranks, key=ranks.__getitem__) == "refunded"
    assert ranks["canceled"] == sorted(ranks.values())[-2]


@pytest.mark.parametrize(
    ("kind", "slug", "second"),
    [
        ("physical", "shipped", "confirming_address"),
        ("physical", "amazon_shipped", "amazon_fulfilling"),
        ("physical", "undeliverable", "confirming_address"),
        ("egift", "opened", "sent"),
        ("egift", "unmapped", "sent"),
    ],
)
def test_the_way_is_the_one_on_which_a_send_stands(kind: str, slug: str, second: str) -> None:
    assert catalogue.lifecycle_path("sendoso", kind, slug)[1] == second


def test_where_no_way_is_known_there_is_none() -> None:
    assert catalogue.lifecycle_path("sendoso", "no such type", "sent") == ()
    assert catalogue.lifecycle_path("nobody", "order", "created") == ()


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("Processing", "order_received"),
        ("Paused", "fulfillment_issue"),
        ("Fulfillment Inssue", "fulfillment_issue"),
        ("Used/Redeemed", "redeemed"),
        ("used / redeemed", "redeemed"),
        ("Used", "redeemed"),
        ("Clicked/Redeemed", "clicked"),
        ("Confirming Address/*Offer Sent", "confirming_address"),
        ("*Offer Sent", "confirming_address"),
        ("Collecting recipient info", "confirming_address"),
        ("Address Confirmation - Cancelled", "confirmation_canceled"),
        ("Address Confirmation – Cancelled", "confirmation_canceled"),
        ("CONFIRMATION CANCELLED", "confirmation_canceled"),
        ("Cancelled", "canceled"),
        ("Expired and Credited", "refunded"),
        ("Credited", "refunded"),
        ("Bounced and Credited", "bounced"),
        ("Packed", "fulfilling"),
        ("pending", "initiated"),
        ("send.delivered", "delivered"),
        ("send.pending_sendoso_approval", "pending_sendoso_approval"),
        ("amazon-shipped", "amazon_shipped"),
    ],
)
def test_sendoso_words_resolve(word: str, slug: str) -> None:
    assert catalogue.resolve("sendoso", word) is catalogue.STATUSES["sendoso"][slug]


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("gift_opened", "opened"),
        ("order.gift_accepted", "accepted"),
        ("order.shipped", "shipped"),
        ("Pending Payment", "pending_payment"),
        ("pending_user_approval", "pending_user_approval"),
        ("cancelled", "canceled"),
        ("Failed (canceled)", "failed"),
    ],
)
def test_goody_words_resolve(word: str, slug: str) -> None:
    assert catalogue.resolve("goody", word) is catalogue.STATUSES["goody"][slug]


@pytest.mark.parametrize("provider", EXPECTED)
@pytest.mark.parametrize(
    "word",
    [
        "",
        " ",
        "*",
        "_-/",
        "deliver",
        "Delivered!",
        "Deliverd",
        "not delivered",
        "in transit",
        "returned",
        "unmapped",
        "D\u0435livered",
        "Sh\u0456pped",
        "\uff33\uff48\uff49\uff50\uff50\uff45\uff44",
        "\u017fhipped",
        "deli\u200bvered",
        "deliv\x00ered",
        "delivered\ud800",
        "Delivered" * 100_000,
        "delivered" + " " * 100_000,
    ],
)
def test_what_is_merely_close_stays_unknown(provider: str, word: str) -> None:
    assert catalogue.resolve(provider, word) is None


def test_a_kelvin_sign_is_no_k() -> None:
    assert catalogue.resolve("sendoso", "BLOC\u212aED") is None


def test_a_status_of_another_type_is_better_than_none() -> None:
    assert catalogue.resolve("sendoso", "Shipped", "egift") is catalogue.status(
        "sendoso", "shipped"
    )
    assert catalogue.resolve("sendoso", "Shipped", "no such type") is not None


def test_platforms_do_not_share_their_words() -> None:
    assert catalogue.resolve("goody", "Processing") is None
    assert catalogue.resolve("sendoso", "accepted") is None
    assert catalogue.resolve("nobody", "delivered") is None


@given(st.text())
def test_any_word_is_known_or_not_and_never_fails(word: str) -> None:
    for provider in EXPECTED:
        found = catalogue.resolve(provider, word)
        near = catalogue.suggest(provider, word)
        assert found is None or found.slug in catalogue.STATUSES[provider]
        assert near is None or near.slug in catalogue.STATUSES[provider]
        assert catalogue.status(provider, word).slug in {word, "unmapped"}


@pytest.mark.parametrize(
    ("provider", "word", "slug"),
    [
        ("sendoso", "deliver", "delivered"),
        ("sendoso", "D\u0435livered", "delivered"),
        ("sendoso", "Undeliverabel", "undeliverable"),
        ("sendoso", "Issue: Fulfillment", "fulfillment_issue"),
        ("sendoso", "Order Recieved", "order_received"),
        ("goody", "payment pending", "pending_payment"),
        ("goody", "gift accept", "accepted"),
    ],
)
def test_the_nearest_status_is_suggested(provider: str, word: str, slug: str) -> None:
    assert catalogue.suggest(provider, word) is catalogue.STATUSES[provider][slug]


@pytest.mark.parametrize("word", ["", "x", "???", "returned to sender", "日本語", "z" * 1_000_000])
def test_nothing_is_suggested_where_nothing_is_near(word: str) -> None:
    assert catalogue.suggest("sendoso", word) is None


@pytest.mark.parametrize("word", [word for status, word in WORDS if status.provider == "sendoso"])
def test_a_known_name_is_its_own_nearest(word: str) -> None:
    assert catalogue.suggest("sendoso", word) is catalogue.resolve("sendoso", word)


def test_an_unknown_slug_gives_the_platforms_unmapped() -> None:
    for provider in PROVIDERS:
        found = catalogue.status(provider.key, "in_transit")
        assert found is catalogue.status(provider.key, catalogue.UNMAPPED.slug)
        assert found.provider == provider.key
        assert found.types == tuple(provider.types)
        assert found.stage is Stage.PROBLEM
        assert found.threshold is not None
        assert found.threshold.limit.at_once
        assert not found.final
    assert catalogue.status("nobody", "delivered").key == "nobody:unmapped"


def test_a_platform_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        catalogue.provider("nobody")


def test_following_statuses_can_be_kept_to_one_type() -> None:
    egift = catalogue.may_follow("sendoso", "initiated", "egift")
    assert "sent" in {status.slug for status in egift}
    assert all("egift" in status.types for status in egift)
    assert catalogue.may_follow("sendoso", "unmapped") == ()


@pytest.mark.parametrize(
    ("provider", "earlier", "later", "expected"),
    [
        ("sendoso", "sent", "redeemed", True),
        ("sendoso", "sent", "refunded", True),
        ("sendoso", "redeemed", "sent", False),
        ("sendoso", "delivered", "shipped", False),
        ("sendoso", "undeliverable", "delivered", True),
        ("sendoso", "fulfillment_issue", "fulfilling", True),
        ("sendoso", "delivered", "delivered", False),
        ("sendoso", "sent", "shipped", False),
        ("sendoso", "unmapped", "sent", False),
        ("sendoso", "sent", "unmapped", False),
        ("goody", "expired", "accepted", True),
        ("goody", "created", "delivered", True),
        ("goody", "shipped", "paid", False),
        ("nobody", "a", "b", False),
    ],
)
def test_what_can_follow_what(provider: str, earlier: str, later: str, expected: bool) -> None:
    assert catalogue.follows(provider, earlier, later) is expected


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        catalogue.STATUSES["sendoso"]["sent"] = catalogue.UNMAPPED  # type: ignore[index]
    with pytest.raises(AttributeError):
        catalogue.STATUSES["sendoso"]["sent"].label = "x"  # type: ignore[misc]


def test_no_other_module_decides_by_a_status() -> None:
    slugs = "|".join(sorted({status.slug for status in EVERY}))
    decision = re.compile(rf'status\w*(?:\.slug)? *(?:==|!=) *"(?:{slugs})"')
    root = Path(catalogue.__file__).parents[2]
    # The sandbox plays a platform: it gives statuses, and judges none.
    files = [
        path
        for path in (*root.glob("models/**/*.py"), *root.glob("tui/**/*.py"))
        if "sandbox" not in path.relative_to(root).parts
    ]
    found = [path.name for path in files if decision.search(path.read_text(encoding="utf-8"))]
    assert len(files) > 20
    assert found == []
