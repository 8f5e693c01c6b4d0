"""Each column stands in one row, and whatever shows, sorts, exports or filters by it is complete."""

import pytest

from models.files.fields import EXPORT_FIELDS
from models.query import FILTER_KEYS
from models.reading.facet_counts import FACETS, Facets
from models.records import SendRecord
from models.rules.send_columns import COLUMNS, DEFAULT_SORT, SORTS, Column
from models.store.tables import Send
from tui.commands.table import TABLE_CELLS
from tui.widgets.sends.columns import LIST_COLUMNS, SORT_MENU

each_column = pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)


def test_every_column_of_the_list_is_drawn_and_none_besides() -> None:
    assert set(LIST_COLUMNS) == {column.key for column in COLUMNS.values() if column.in_list}


def test_the_table_of_the_command_line_has_columns_of_the_list_only() -> None:
    assert set(TABLE_CELLS) <= set(LIST_COLUMNS)


@each_column
def test_a_column_is_exported_and_filtered_by_names_that_there_are(column: Column) -> None:
    assert column.field in EXPORT_FIELDS
    assert column.filter in FILTER_KEYS


def test_every_field_of_an_export_is_one_of_a_send_or_made_of_some() -> None:
    made = {"status_label", "provider_word", "overridden", "age", "urgency", "cost", "shipments"}
    made |= {"refunded", "refunded_amount", "status_source", "estimated"}
    assert set(EXPORT_FIELDS) <= {*SendRecord._fields, *made}


def test_every_facet_is_a_column_with_the_filter_of_the_same_name() -> None:
    facets = {column.key for column in COLUMNS.values() if column.is_facet}
    assert facets == set(FACETS) == set(Facets._fields)
    assert all(COLUMNS[facet].filter == facet for facet in facets)


@pytest.mark.parametrize("key", SORTS)
def test_a_list_is_sorted_by_a_column_of_the_table_of_sends(key: str) -> None:
    assert {SORTS[key].column, SORTS[key].then or "id"} <= set(Send.model_fields)


def test_no_two_columns_share_a_sort_key_or_a_title() -> None:
    sortable = [column for column in COLUMNS.values() if column.sort]
    assert len(SORTS) == len(sortable)
    assert len({column.title for column in COLUMNS.values()}) == len(COLUMNS)
    assert DEFAULT_SORT in SORTS


def test_the_sort_menu_offers_what_its_column_says() -> None:
    offered = dict(SORT_MENU)
    assert offered == {
        column.sort.key: column.title
        for column in COLUMNS.values()
        if column.sort and column.sort.in_menu
    }
