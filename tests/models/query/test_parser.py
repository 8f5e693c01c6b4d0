"""What a typed filter is read as, and what is refused in which words."""

import subprocess
import sys

import pytest

from models.errors import BadQuery
from models.query import (
    FILTER_KEYS,
    parse,
)
from models.query.tree import EVERYTHING, Match, SortKey, ViewName
from models.rules.send_columns import SORTS
from models.rules.views import VIEWS
from tests.support.filters import NOW, read


def refusal(text: str, **more: str) -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        read(text, **more)
    return caught.value


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("", ""),
        ("  ana \t souza\n", "ana souza"),
        ('"Ana Souza"', '"Ana Souza"'),
        ('"acme"', "acme"),
        (
            'status:shipped,delivered type:egift over age>7d @me "acme"',
            "status:shipped,delivered type:egift is:over age>7d owner:@me acme",
        ),
        ("is:over -owner:@none due:..today sort:due", None),
        (
            'in:mine status:"Fulfillment Issue" OR (type:physical age:7d..14d)',
            "in:Mine status:fulfillment_issue OR type:physical age:7d..14d",
        ),
        ("changed:-2h by:api -by:@me", None),
        ("overridden since:mon", "is:overridden since:mon"),
        ("STATUS:Shipped Is:TRIAGE", "status:shipped is:triage"),
        ("status: shipped , delivered", "status:shipped,delivered"),
        ("status:processing", "status:order_received"),
        ("status:Paused,paused", "status:fulfillment_issue"),
        ('status:"used/redeemed"', "status:redeemed"),
        ("status:goody:shipped", None),
        ('status:"sendoso:Order Received"', "status:order_received"),
        ("status:unmapped,goody:unmapped", None),
        ("owner:@me,none,raj", "owner:@me,@none,raj"),
        ('owner:"none","@me"', None),
        ("@none", "owner:@none"),
        ('company:="Acme Inc"', None),
        ('campaign:=" Größe = XL "', None),
        ('email:=ana@acme.com,="jo@x.io"', "email:=ana@acme.com,=jo@x.io"),
        ('company:"=acme"', None),
        ('owner:=raj status:="Order Received"', "owner:raj status:order_received"),
        ("#S-104233", "id:S-104233"),
        ("urgency:over,now", None),
        ("!final --mine", "-is:final is:mine"),
        ("-(final -(mine))", "-(is:final -is:mine)"),
        ("-(-(a b))", "a b"),
        ("(a b) c OR (d OR e)", "(a b) c OR (d OR e)"),
        ("(a)", "a"),
        ("age > 7d", "age>7d"),
        ("created:>=2026-03-01 created<2026", "created>=2026-03-01 created<2026"),
        ("due<0d due:..2h due:0d.. age>3bd", None),
        ("created:2026-03,2025 updated:yesterday..now", None),
        ("created:2026-03-01T09:30..", "created:2026-03-01t09:30.."),
        ("due:mon..fri", None),
        ("due:this-week created:last-month..yesterday", None),
        ("due:Past", "due:..now"),
        ("owner:me,jo by:me", "owner:@me,jo by:@me"),
        ("owner:nobody", "owner:@none"),
        ('owner:"me","nobody" recipient:"Me"', None),
        ("cost>50 cost:..49.90,100 currency:usd", "cost>50 cost:..49.90,100 currency:USD"),
        ("email:@acme.com tracking:@none", 'email:"@acme.com" tracking:@none'),
        ("company:..", None),
        (r'company:"a\"b\\c"', None),
        ("12:30 a,b x-y 5%", '"12:30" a,b x-y 5%'),
        ("company:Acme(UK)", "company:Acme UK"),
        ("sort:due,-created,due a", "a sort:due,-created"),
        ("a OR b sort:-age", "(a OR b) sort:-age"),
        # What earlier releases wrote, and may have saved as a view.
        ("provider:goody sort:-since,provider", "platform:goody sort:-age,platform"),
        ("in:Late", "in:Late"),
    ],
)
def test_what_is_typed_reads_as(typed: str, canonical: str | None) -> None:
    query = read(typed, Late="is:over sort:due")
    assert str(query) == (typed if canonical is None else canonical)
    assert query.text == typed


def test_nothing_typed_is_everything() -> None:
    assert read(" ").tree == EVERYTHING


@pytest.mark.parametrize(
    ("typed", "caret", "message", "hint"),
    [
        ("statos:x", "^", "“statos” is not a key.", "Did you mean status:?"),
        ("a http://x", "  ^", "“http” is not a key.", 'To search for it, write "http:".'),
        ("status:shiped", "       ^", "“shiped” is not a status.", "Did you mean shipped?"),
        ("type:egift,fisical", "           ^", "“fisical” is not a type of send.",
         "Did you mean physical? There are: egift, physical, order, batch."),
        ("is:overdue", "   ^", "“overdue” is not a flag.", "Did you mean over?"),
        ("in:min", "   ^", "“min” is not a view.", "Did you mean Mine?"),
        ("sort:dew", "     ^", "“dew” is not something to sort by.", "Did you mean due?"),
        ("-(sort:due)", "  ^", "“sort:” holds for the whole filter.", "Move it out"),
        ("a status:", "         ^", "A value is missing after “status:”.", ""),
        ("status:a,", "         ^", "A value is missing after “status:a,”.", ""),
        ("(status:)", "        ^", "A value is missing after “(status:”.", ""),
        ("age>", "    ^", "A value is missing after “age>”.", ""),
        ('company:""', "        ^", "A value is missing after “company:”.", "company:@none"),
        ('a "  "', "  ^", "There is nothing between the quotes.", ""),
        ('a "b', "  ^", "The quote is not closed.", 'Write " at its end.'),
        ("(a", "^", "A parenthesis is not closed.", "Write ) at the end."),
        ('((a) "("', "^", "A parenthesis is not closed.", "Write ) at the end."),
        ("a)", " ^", "This ) closes nothing.", ""),
        ("()", " ^", "There is nothing in the parentheses.", ""),
        ("(", " ^", "There is nothing in the parentheses.", ""),
        ("a OR", "    ^", "OR needs a condition on both sides.", ""),
        ("OR a", "^", "OR needs a condition on both sides.", ""),
        ("a OR OR b", "     ^", "OR needs a condition on both sides.", ""),
        ("a OR sort:due", "^", "OR needs a condition on both sides.", ""),
        ("a or b", "  ^", "“or” is not a word of the filter language.", "Write OR between"),
        ("a AND b", "  ^", "“AND” is not a word of the filter language.", "must hold anyway"),
        ("NOT b", "^", "“NOT” is not a word of the filter language.", "write - before it"),
        ("a -", "   ^", "After the - a condition is missing.", "-is:final"),
        ("(a -)", "    ^", "After the - a condition is missing.", ""),
        ("< 3", "^", "“<” needs a key before it.", "Such as age>7d."),
        ("age=7d", "^", "Keys and values are joined by a colon.", "Write age:7d."),
        ("owner!=raj", "^", "Keys and values are joined by a colon.", "Write -owner:raj."),
        ("recipient>4", "         ^", "“recipient” cannot be compared.", "recipient:souza"),
        ("age>7d,8d", "       ^", "“>” takes one value.", ""),
        ("age>7", "    ^", "“7” is not a time for “age:”.", "7d"),
        ("age:-7d", "    ^", "An age is never negative.", "Write 7d."),
        ("age:14d..7d", "    ^", "The range ends before it begins.", "Write 7d..14d."),
        ("cost:10..5", "     ^", "The range ends before it begins.", "Write 5..10."),
        ("due:2d..-2d", "    ^", "The range ends before it begins.", "Write -2d..2d."),
        ("created:2026-03..2026-01", "        ^", "The range ends before it begins.",
         "Write 2026-01..2026-03."),
        ("age:..", "    ^", "A range needs an end.", "age>7d"),
        ("created>7d", "        ^", "“7d” is not a moment.", "Write -7d for 7d ago"),
        ("created:2026-02-30", "        ^", "“2026-02-30” is not a time for “created:”.", "2026-03"),
        ("created:1066", "        ^", "“1066” is not a time for “created:”.", "2026-03"),
        ("created:yesturday", "        ^", "“yesturday” is not a time", "Did you mean yesterday?"),
        ("created:past", "        ^", "“past” is not a time for “created:”.", "Write -2h"),
        ("due:2026-01..x", "             ^", "“x” is not a time for “due:”.", "2h"),
        ("cost>lots", "     ^", "“lots” is not an amount for “cost:”.", "49.90"),
        ("company:@me", "        ^", "“@me” means nothing after “company:”.", "owner:, by:"),
        ("a\x00b", " ^", "This character cannot be typed", ""),
        ("\ud800", "^", "This character cannot be typed", ""),
        ("(" * 30 + "a", " " * 8 + "^", "There are too many parentheses", ""),
        ("type:" + "egift," * 61, " " * 371 + "^", "A value is missing", ""),
        ("id:" + "1," * 60 + "2", " " * 123 + "^", "More than 60 values.", ""),
        ("x" * 10_000, " " * 500 + "^", "The filter is longer than 500 characters.", ""),
    ],
)  # fmt: skip
def test_refusals_point_at_the_place_and_say_what_to_write(
    typed: str, caret: str, message: str, hint: str
) -> None:
    found = refusal(typed)
    assert str(found).startswith(message)
    assert found.position == caret.index("^")
    assert hint in found.hint


@pytest.mark.parametrize("text", ["@me", "is:mine", "mine", "by:@me"])
def test_me_needs_somebody(text: str) -> None:
    with pytest.raises(BadQuery, match="Nobody is signed in"):
        parse(text, me="", now=NOW)


class TestViews:
    def test_every_built_in_view_can_be_read(self) -> None:
        for view in VIEWS:
            assert str(read(view.query)) == view.query
        assert len({view.digit for view in VIEWS}) == len({view.name for view in VIEWS}) == 7

    def test_a_view_stands_for_its_filter_without_its_sort(self) -> None:
        found = read("in:late", Late="is:over sort:due")
        assert found.tree == Match("in", (ViewName("Late", read("is:over").tree),))
        assert found.sort == ()

    def test_a_view_may_refer_to_others(self) -> None:
        assert read("in:b", a="in:mine acme", b="in:a OR in:mine").tree

    @pytest.mark.parametrize("views", [{"a": "in:a"}, {"a": "in:b", "b": "-(in:A)"}])
    def test_a_circle_is_refused(self, views: dict[str, str]) -> None:
        found = refusal("x in:a", **views)
        assert "refers to itself" in str(found)
        assert found.position == 5

    def test_a_broken_view_is_named(self) -> None:
        found = refusal("in:a", a="statos:b")
        assert str(found) == "The view “a” cannot be read: “statos” is not a key."
        assert found.hint.startswith("Did you mean status:?")

    def test_views_upon_views_do_not_explode(self) -> None:
        views = {"v0": "acme"}
        for number in range(1, 20):
            views[f"v{number}"] = " ".join([f"in:v{number - 1}"] * 40)
        assert "too long" in str(refusal("in:v19", **views))


def test_every_example_in_the_help_can_be_read() -> None:
    for key in FILTER_KEYS.values():
        assert str(read(key.example)), key
    for name in (*SORTS, *(f"-{sort}" for sort in SORTS)):
        assert read(f"sort:{name}").sort == (SortKey(name.lstrip("-"), name.startswith("-")),)


def test_reading_a_filter_loads_no_database_library() -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from models.query import parse;"
        "assert 'lark' not in sys.modules;"
        "parse('is:triage age>7d', me='', now=datetime.now(UTC));"
        "sys.exit(any(name in sys.modules for name in ('sqlalchemy', 'sqlmodel', 'rapidfuzz')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
