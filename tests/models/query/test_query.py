"""The filter language by example: what reads as what, and what is refused in which words."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from models.database.text_search import pattern_match, trigram_index
from models.errors import BadQuery
from models.query import (
    FILTER_KEYS,
    FLAGS,
    Query,
    complete,
    parse,
    values_for,
    values_of,
    with_sort,
    with_values,
    without,
    without_sort,
)
from models.query.keys import SEARCHED_COLUMNS
from models.query.sql import flags as flag_clauses
from models.query.sql import history
from models.query.sql.clauses import SEND_CLAUSES, where
from models.query.sql.context import QueryContext
from models.query.sql.index_use import split_by_index
from models.query.text_search import TextSearch
from models.query.tree import EVERYTHING, Match, SortKey, ViewName
from models.rules.send_columns import SORTS
from models.rules.views import VIEW_QUERIES, VIEWS
from models.store.tables import Send

NOW = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)


def read(text: str, **more: str) -> Query:
    return parse(text, me="ana", now=NOW, views={**VIEW_QUERIES, **more})


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
        ("cost>50 cost:..49.90,100 currency:usd", "cost>50 cost:..49.90,100 currency:USD"),
        ("email:@acme.com tracking:@none", 'email:"@acme.com" tracking:@none'),
        ("company:..", None),
        (r'company:"a\"b\\c"', None),
        ("12:30 a,b x-y 5%", '"12:30" a,b x-y 5%'),
        ("company:Acme(UK)", "company:Acme UK"),
        ("sort:due,-created,due a", "a sort:due,-created"),
        ("a OR b sort:-since", "(a OR b) sort:-since"),
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
         "Did you mean physical? There are: egift, physical, order."),
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
        ("a or b", "  ^", "“or” is no word of the filter language.", "Write OR between"),
        ("a AND b", "  ^", "“AND” is no word of the filter language.", "side by side"),
        ("NOT b", "^", "“NOT” is no word of the filter language.", "Write - before"),
        ("a -", "   ^", "What must not hold is missing.", "-is:final"),
        ("(a -)", "    ^", "What must not hold is missing.", ""),
        ("< 3", "^", "“<” needs a key before it.", "Such as age>7d."),
        ("age=7d", "^", "Keys and values are joined by a colon.", "Write age:7d."),
        ("owner!=raj", "^", "Keys and values are joined by a colon.", "Write -owner:raj."),
        ("recipient>4", "         ^", "“recipient” cannot be compared.", "recipient:souza"),
        ("age>7d,8d", "       ^", "“>” takes one value.", ""),
        ("age>7", "    ^", "“7” is not a time for “age:”.", "7d"),
        ("age:-7d", "    ^", "An age is never negative.", "Write 7d."),
        ("age:14d..7d", "    ^", "The range ends before it begins.", "Write 7d..14d."),
        ("age:..", "    ^", "A range needs an end.", "age>7d"),
        ("created>7d", "        ^", "“7d” is no moment.", "Write -7d for 7d ago"),
        ("created:2026-02-30", "        ^", "“2026-02-30” is not a time for “created:”.", "2026-03"),
        ("created:1066", "        ^", "“1066” is not a time for “created:”.", "2026-03"),
        ("created:yesturday", "        ^", "“yesturday” is not a time", "Did you mean yesterday?"),
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
        assert "too much" in str(refusal("in:v19", **views))


NASTY = [
    '"', '""', '"""', "'", "''; DROP TABLE send; --", "NEAR(", 'NEAR("a" "b")', "-x", "--", "-",
    "col:a", "a*", "^a", "a AND b", "a NOT b", "%", "_", "%%%", "a_b", "100%", "\\", "\\\\", "/",
    "a/b", "💥", "👩‍👩‍👧", "日本", "郎", "é", "ſs", "İstanbul", "\u202eabc", "\u200b", "\x00", "\x1b[2J",
    "\x9b", "\ud800", "a\tb", "{}", "{0}", "%s", ":x", "::", "$1", "a;b", "send_text:a",
    "rowid", "*", "+", "a+b", "?", ":1", "x" * 10_000, "-" * 499 + "a", "(" * 250, "a " * 250,
    '"' + "y" * 498 + '"', "owner:" + "z" * 400, "status:" + "ß" * 300,
]  # fmt: skip


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path_factory.mktemp('nasty') / 'sends.db'}")
    Send.metadata.create_all(engine)
    names = ("100% fun", "100x fun", "a_b", "axb", "/", 'say "hi"', "日本 太郎", "back\\slash")
    with Session(engine) as session:
        for number, name in enumerate(names, 1):
            session.add(
                Send(
                    id=number, ref=f"S-{number}", provider="sendoso", external_id=str(number),
                    type="egift", provider_status="sent", status="sent", stage="waiting",
                    since=NOW, recipient_name=name,
                )
            )  # fmt: skip
        session.commit()
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE send_text USING fts5({','.join(SEARCHED_COLUMNS)}, content='send',"
            " content_rowid='id', tokenize='trigram', detail=none, columnsize=0)"
        )
        connection.exec_driver_sql("INSERT INTO send_text(send_text) VALUES ('rebuild')")
    yield engine
    engine.dispose()


def names_of(engine: sa.Engine, text: str) -> list[str]:
    clause = where(read(text).tree, QueryContext(now=NOW, me="ana", search=trigram_index))
    with engine.connect() as connection:
        wanted = sa.select(col(Send.recipient_name)).where(clause).order_by(col(Send.id))
        return list(connection.execute(wanted).scalars())


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_searched_for_or_refused(searched: sa.Engine, text: str) -> None:
    for form in (text, f'"{text}"', f"recipient:{text}", f'company:"{text}"'):
        try:
            read(form)
        except BadQuery:
            continue
        assert len(names_of(searched, form)) <= 8


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("100%", ["100% fun"]),
        ("recipient:100%", ["100% fun"]),
        ("a_b", ["a_b"]),
        ("%", []),
        ("/", ["/"]),
        (r'"say \"h"', ['say "hi"']),
        ("太郎", ["日本 太郎"]),
        ("FUN", ["100% fun", "100x fun"]),
        (r'"back\\sl"', ["back\\slash"]),
        ("a_", ["a_b"]),
    ],
)
def test_text_is_literal(searched: sa.Engine, typed: str, found: list[str]) -> None:
    assert names_of(searched, typed) == found


@pytest.mark.parametrize("search", [trigram_index, pattern_match])
def test_values_are_only_ever_bound(search: TextSearch) -> None:
    text = 'zebra status:shipped owner:zebra note:zebra by:zebra cost>7 id:zebra -company:"ze%bra"'
    clause = where(read(text).tree, QueryContext(now=NOW, me="ana", search=search))
    assert "zebra" not in str(clause)
    assert "ze" not in str(clause).replace("recipient", "")


def test_every_key_and_flag_has_its_clause() -> None:
    assert SEND_CLAUSES.keys() | history.EVENT_CLAUSES.keys() == FILTER_KEYS.keys() - {"sort"}
    assert not SEND_CLAUSES.keys() & history.EVENT_CLAUSES.keys()
    assert set(flag_clauses.FLAG_CONDITIONS) == set(FLAGS)
    assert set(flag_clauses.URGENCY_CONDITIONS) == set(values_for("urgency"))


def test_every_example_in_the_help_can_be_read() -> None:
    for key in FILTER_KEYS.values():
        assert str(read(key.example)), key
    for name in (*SORTS, *(f"-{sort}" for sort in SORTS)):
        assert read(f"sort:{name}").sort == (SortKey(name.lstrip("-"), name.startswith("-")),)


class TestEdits:
    def test_the_status_picker_sees_and_sets_statuses_of_each_platform(self) -> None:
        query = read("a status:shipped -status:paid sort:due")
        assert set(values_of(query, "status")) == {"sendoso:shipped", "goody:shipped"}
        changed = with_values(query, "status", ["goody:shipped"])
        assert str(changed) == changed.text == "a status:goody:shipped -status:paid sort:due"
        both = with_values(changed, "status", ["goody:shipped", "sendoso:shipped", "goody:paid"])
        assert str(both) == "a status:shipped,paid -status:paid sort:due"

    def test_no_values_ask_nothing(self) -> None:
        assert str(with_values(read("status:shipped"), "status", [])) == ""
        assert str(with_values(read("a OR b"), "type", ["egift"])) == "(a OR b) type:egift"

    def test_owners_may_be_nobody_or_me(self) -> None:
        query = with_values(read(""), "owner", ["", "Jo Ann", "none"])
        assert str(query) == 'owner:@none,"Jo Ann","none"'
        assert values_of(query, "owner") == ("", "Jo Ann", "none")
        assert values_of(read("@me"), "owner", me="ana") == ("ana",)

    def test_two_terms_of_one_key_allow_what_both_do(self) -> None:
        query = read("urgency:over,now urgency:now,soon")
        assert values_of(query, "urgency") == ("now",)
        assert str(with_values(query, "urgency", ["ok"])) == "urgency:ok"

    def test_an_unknown_value_is_refused(self) -> None:
        with pytest.raises(BadQuery, match="not a stage"):
            with_values(read(""), "stage", ["nowhere"])

    def test_a_key_can_be_taken_out(self) -> None:
        assert str(without(read("type:egift a -type:order"), "type")) == "a -type:order"
        query = read("a")
        assert without(query, "type") is query

    def test_sorting_again_turns_the_order_round(self) -> None:
        query = with_sort(read("a sort:-since"), "due")
        assert str(query) == "a sort:due"
        assert str(with_sort(query, "due")) == "a sort:-due"
        assert str(with_sort(with_sort(query, "due"), "due")) == "a sort:due"
        assert str(without_sort(query)) == "a"


class TestShape:
    def test_what_is_asked_about_the_order_is_taken_apart(self) -> None:
        query = read("age>3d a created>2026-01-01 sort:since")
        found = split_by_index(query.tree, query.sort)
        assert found.on_sort_column == read("age>3d").tree
        assert found.remaining == read("a created>2026-01-01").tree

    def test_lists_are_sorted_by_due_unless_told_otherwise(self) -> None:
        assert split_by_index(read("due<2d age>3d").tree).on_sort_column == read("due<2d").tree

    @pytest.mark.parametrize(
        ("text", "terms"),
        [
            ("status:shipped cost>10", ["status:shipped"]),
            ("status:shipped OR owner:jo", ["status:shipped OR owner:jo"]),
            ("status:shipped OR cost>10", []),
            ("-status:shipped", []),
            ("jo tanaka", ["jo", "tanaka"]),
            ("日本 company:日本 日本語", ["日本語"]),
            ("sender:ana by:ana", []),
        ],
    )
    def test_an_index_finds_what_all_its_ways_can_find(self, text: str, terms: list[str]) -> None:
        assert split_by_index(read(text).tree).indexed == tuple(read(term).tree for term in terms)


class TestCompletion:
    @staticmethod
    def texts(marked: str, **known: dict[str, str]) -> list[str]:
        """Return what *marked* becomes with each completion; `|` is the cursor."""
        cursor = marked.index("|")
        text = marked.replace("|", "")
        found = complete(text, cursor, known)
        return [text[: each.start] + each.text + text[each.end :] for each in found]

    @pytest.mark.parametrize(
        ("marked", "first"),
        [
            ("sta|", "status:"),
            ("a -sta|", "a -status:"),
            ("sta|tus:x", "status:x"),
            ("(tri|", "(is:triage"),
            ("is:tri|", "is:triage"),
            ("@m|", "@me"),
            ("status:del|", "status:delivered"),
            ("status:processing|", "status:order_received"),
            ("status:shipped,del|", "status:shipped,delivered"),
            ("status:sh|,paid b", "status:shipped,paid b"),
            ("sort:-cr|", "sort:-created"),
            ("sort:due,cr|", "sort:due,created"),
            ("owner:@|", "owner:@me"),
            ("in:mi|", "in:Mine"),
            ("created:yes|", "created:yesterday"),
            ("age>7|", "age>7d"),
            ("due:|", "due:0d"),
            ('x) type:"eg|', 'x) type:egift'),
        ],
    )  # fmt: skip
    def test_the_best_comes_first(self, marked: str, first: str) -> None:
        assert self.texts(marked)[0] == first

    def test_values_from_the_desk_bring_their_counts_and_quotes(self) -> None:
        owners = {"raj": "3", "Jo Ann": "12"}
        assert self.texts("owner:j|", owner=owners)[:1] == ['owner:"Jo Ann"']
        assert self.texts('owner:raj,"Jo|', owner=owners) == ['owner:raj,"Jo Ann"']
        assert complete("owner:ra", 8, {"owner": owners})[0].help == "3"

    def test_nothing_is_offered_inside_a_phrase_or_after_an_unknown_key(self) -> None:
        assert self.texts('"sta|') == []
        assert self.texts("foo:|") == []

    def test_an_empty_line_offers_every_key_first(self) -> None:
        assert self.texts("|")[: len(FILTER_KEYS)] == [f"{key}:" for key in FILTER_KEYS]


def test_reading_a_filter_loads_no_database_library() -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from models.query import parse;"
        "assert 'lark' not in sys.modules;"
        "parse('is:triage age>7d', me='', now=datetime.now(UTC));"
        "sys.exit(any(name in sys.modules for name in ('sqlalchemy', 'sqlmodel', 'rapidfuzz')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
