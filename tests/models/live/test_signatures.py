"""Signatures of messages: a grid of right and wrong ones, held against the specification written anew."""

import base64
import time
from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.live.signatures import BadSecret, NotAuthentic, Verifier, verifier
from models.values.secret import Secret
from tests.support.webhooks import KEY, SECRET, headers, signature

BODY = b'{"event_type": "order.shipped", "price": 3.0, "name": "\xc3\xa9"}'
OTHER = bytes(reversed(KEY))
TOKEN = "a-token_that-nobody.guesses"
Vector = tuple[str, list[tuple[str, str]], bytes, bool]


def secrets(*texts: str) -> list[Secret]:
    return [Secret(text) for text in texts]


def whsec(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode()


def of(*texts: str, takes_tokens: bool = False) -> Verifier:
    return verifier("SECRET", secrets(*texts), takes_tokens=takes_tokens)


def is_authentic(found: Verifier, given: Sequence[tuple[str, str]], body: bytes) -> bool:
    try:
        found.message_id(given, body)
    except NotAuthentic:
        return False
    return True


def vectors() -> Iterator[Vector]:
    """Yield messages with a name, and whether each is authentic."""
    now = int(time.time())
    good = signature(BODY, "msg_1", str(now))
    bare = good.removeprefix("v1,")

    def message(
        name: str,
        right: bool,
        *,
        id: str = "msg_1",
        at: object = now,
        signed: str = good,
        body: bytes = BODY,
        family: str = "svix",
        more: Sequence[tuple[str, str]] = (),
    ) -> Vector:
        three = (("id", id), ("timestamp", str(at)), ("signature", signed))
        return name, [*((f"{family}-{k}", v) for k, v in three), *more], body, right

    for family in ("svix", "webhook"):
        yield message(f"{family} headers", True, family=family)
    for name, id, right in (
        ("of one letter", "m", True), ("of 128 letters", "m" * 128, True), ("with - and _", "a-b_c", True),
        ("of 129 letters", "m" * 129, False), ("empty", "", False), ("with a dot", "msg.1", False),
        ("with a space", "msg 1", False), ("with a line break", "msg_1\n", False), ("of other letters", "mśg", False),
        ("with a slash", "msg/1", False), ("with a NUL", "msg\0", False),
    ):  # fmt: skip
        yield message(f"an id {name}", right, id=id, signed=signature(BODY, id, str(now)))
    for age in (-290, -60, 0, 60, 290):
        signed = signature(BODY, "msg_1", str(now - age))
        yield message(f"{age} s old", True, at=now - age, signed=signed)
    for age in (-86_400, -310, 310, 3600, 86_400, 10**9):
        signed = signature(BODY, "msg_1", str(now - age))
        yield message(f"{age} s old", False, at=now - age, signed=signed)
    for what, at in (
        ("with a fraction", f"{now}.0"), ("with a plus", f"+{now}"), ("with a minus", f"-{now}"),
        ("behind a space", f" {now}"), ("before a space", f"{now} "), ("empty", ""), ("in words", "now"),
        ("with an exponent", "1e9"), ("in hexadecimal", "0x10"), ("with a line break", f"{now}\n"),
        ("in other digits", "٣"), ("no number", "nan"), ("without end", "inf"), ("of 12 digits", "9" * 12),
        ("of 400 digits", "9" * 400), ("with gaps", f"{now:_}"),
    ):  # fmt: skip
        yield message(f"the time {what}", False, at=at, signed=signature(BODY, "msg_1", at))
    for name, signed in (
        ("of another key", signature(BODY, "msg_1", str(now), OTHER)),
        ("of another body", signature(BODY + b" ", "msg_1", str(now))),
        ("of another id", signature(BODY, "msg_2", str(now))),
        ("of another time", signature(BODY, "msg_1", str(now - 1))),
        ("without its version", bare), ("without a comma", f"v1{bare}"), ("with two commas", f"v1,,{bare}"),
        ("with a comma behind", f"{good},"), ("of version 1a", f"v1a,{bare}"), ("of version 2", f"v2,{bare}"),
        ("in capitals", f"V1,{bare}"), ("empty", ""), ("of a comma", ","), ("of a version", "v1,"),
        ("of spaces", "   "), ("cut by one", good[:-1]), ("cut by two", good[:-2]), ("cut by five", good[:-5]),
        ("in the middle of nothing", f"x{good}"), ("with a tab", f"{good}\t{good}"), ("with a line break", f"{good}\n"),
        ("in quotes", f'"{good}"'), ("in hexadecimal", f"v1,{base64.b64decode(bare).hex()}"),
        ("no base64", "v1," + "!" * 44), ("of other letters", "v1," + "é" * 44), ("of 5,000 letters", "v1," + "A" * 5000),
        ("of many", " ".join([f"v2,{bare}"] * 100)),
    ):  # fmt: skip
        yield message(f"a signature {name}", False, signed=signed)
    wrong = signature(BODY, "msg_1", str(now), OTHER)
    for name, signed in (
        ("behind a wrong one", f"{wrong} {good}"), ("before a wrong one", f"{good} {wrong}"),
        ("behind one of version 2", f"v2,{bare} {good}"), ("behind one that is cut", f"{wrong[:-3]} {good}"),
        ("behind nonsense", f"nonsense {good}"), ("behind two spaces", f"  {good}"),
        ("behind one with two commas", f"v1,a,b {good}"), ("twice", f"{good} {good}"),
    ):  # fmt: skip
        yield message(f"a signature {name}", True, signed=signed)
    for name, body, right in (
        ("empty", b"", True), ("no JSON", b"hello", True), ("a list", b"[1]", True),
        ("with a mark", b"\xef\xbb\xbf{}", True), ("no UTF-8", b"\xff\xfe", False), ("cut UTF-8", b"{\xc3", False),
    ):  # fmt: skip
        yield message(f"a body {name}", right, body=body, signed=signature(body, "msg_1", str(now)))
    for name in ("id", "timestamp", "signature"):
        label, given, body, _ = message(f"without its {name}", False)
        yield label, [pair for pair in given if pair[0] != f"svix-{name}"], body, False
        yield message(f"with two of its {name}", False, more=[(f"svix-{name}", "msg_1")])
    yield message(
        "of two families", False, family="svix", signed=wrong, more=[("webhook-signature", good)]
    )
    yield "without headers", [], BODY, False


VECTORS = list(vectors())


def test_there_are_as_many_as_the_reference_suites_have() -> None:
    assert len(VECTORS) >= 87


@pytest.mark.parametrize("number", range(len(VECTORS)), ids=[name for name, *_ in VECTORS])
def test_a_message_is_authentic_or_refused(number: int) -> None:
    # Made again: the suite may take longer to come here than a message is valid.
    _, given, body, right = list(vectors())[number]
    assert is_authentic(of(SECRET), given, body) is right


@pytest.mark.parametrize(("first", "second"), list(product((KEY, OTHER), repeat=2)))
def test_any_of_several_secrets_may_have_signed(first: bytes, second: bytes) -> None:
    given = list(headers(BODY, key=OTHER).items())
    assert is_authentic(of(whsec(first), whsec(second)), given, BODY) is (OTHER in (first, second))


def test_the_id_is_the_same_each_time_that_a_message_is_sent() -> None:
    found = of(SECRET)
    ids = {found.message_id(list(headers(BODY, "msg_9", age=age).items()), BODY) for age in (0, 30)}
    assert ids == {"msg_9"}


@given(
    st.lists(
        st.tuples(st.sampled_from(["svix-id", "svix-timestamp", "svix-signature"]), st.text())
    ),
    st.binary(),
)
def test_whatever_strangers_send_is_refused_and_nothing_else_happens(
    given: list[tuple[str, str]], body: bytes
) -> None:
    assert not is_authentic(of(SECRET, TOKEN, takes_tokens=True), given, body)


@given(st.binary(max_size=200), st.integers(0, 255), st.data())
def test_one_changed_byte_ends_the_signature(body: bytes, change: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body)))
    changed = body[:place] + bytes([change]) + body[place + 1 :]
    given = list(headers(body).items())
    assert is_authentic(of(SECRET), given, changed) is (changed == body and _is_text(body))


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    ["", "whsec_", "hunter2", "whsec_hunter2", "whsec_!!!!", whsec(b"12345678"), whsec(KEY[:23]),
     "password", TOKEN],
)  # fmt: skip
def test_a_weak_secret_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadSecret) as refused:
        of(*text.split())
    assert not text or text not in str(refused.value).replace("whsec_`", "")


def test_one_weak_secret_among_strong_ones_is_refused_too() -> None:
    with pytest.raises(BadSecret):
        of(SECRET, "whsec_short")


@pytest.mark.parametrize(
    "text", [SECRET, SECRET.removeprefix("whsec_"), SECRET.rstrip("="), whsec(KEY[:24])]
)
def test_a_secret_may_come_without_its_prefix_or_its_end(text: str) -> None:
    key = KEY[:24] if text == whsec(KEY[:24]) else KEY
    assert is_authentic(of(text), list(headers(BODY, key=key).items()), BODY)


@pytest.mark.parametrize("text", ["short", "whsec_short", "with spaces is not one", "a/b?c" * 10])
def test_a_weak_token_is_refused(text: str) -> None:
    with pytest.raises(BadSecret):
        verifier("SECRET", secrets(text), takes_tokens=True)


def test_a_token_in_the_address_or_a_header_takes_the_place_of_a_signature() -> None:
    found = of(TOKEN, takes_tokens=True)
    assert found.message_id([], BODY, "delivered", TOKEN) == found.message_id(
        [("authorization", f"Bearer {TOKEN}")], BODY, "delivered"
    )
    assert found.message_id([("x-webhook-secret", TOKEN), ("svix-id", "msg_3")], BODY) == "msg_3"
    # The same body about another event is another message.
    assert found.message_id([], BODY, "shipped", TOKEN) != found.message_id([], BODY, "x", TOKEN)


@pytest.mark.parametrize("token", [TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "é"])
def test_another_token_is_refused(token: str) -> None:
    with pytest.raises(NotAuthentic):
        of(TOKEN, takes_tokens=True).message_id([], BODY, "delivered", token)


def test_a_wrong_signature_is_not_mended_by_a_header_of_somebody_else() -> None:
    given = [*headers(BODY, key=OTHER).items(), ("authorization", f"Bearer {TOKEN}")]
    assert not is_authentic(of(SECRET, TOKEN, takes_tokens=True), given, BODY)


def test_where_all_is_signed_no_token_is_taken() -> None:
    with pytest.raises(NotAuthentic):
        of(SECRET).message_id([], BODY, "", SECRET)
