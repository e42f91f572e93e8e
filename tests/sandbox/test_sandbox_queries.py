"""What an encoded query finds, and what it silently does not mean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_client import NOON, Client

from connectors.sandbox import MovableClock, serve
from connectors.sandbox.servicenow import World


def _fill(world: World, clock: MovableClock) -> World:
    """Add four incidents: A and B are Kari's and urgent, C is Ida's, D nobody's; a minute lies between them."""
    kari, ida = (world.find("sys_user", user_name=name) for name in ("kari", "ida"))
    for number, person, urgency, category in (
        ("A", kari, 1, "network"),
        ("B", kari, 1, "Hardware"),
        ("C", ida, 2, "software"),
        ("D", "", 3, ""),
    ):
        world.insert("incident", {"number": number, "caller_id": person, "urgency": urgency, "category": category})
        clock.advance(minutes=1)
    return world


@pytest.fixture
def desk(world: World, clock: MovableClock) -> World:
    return _fill(world, clock)


@pytest.fixture(scope="module")
def reader() -> Iterator[Client]:
    """A client of one desk that all may read and none may change."""
    clock = MovableClock(NOON)
    world = World(clock=clock)
    world.add_user("kari", "Kari Nordmann", language="nb", company="Harbour")
    world.add_user("ida", "Ida Berg")
    with serve(_fill(world, clock)) as url:
        client = Client(url)
        yield client
        client.session.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("urgency=1", "AB"),
        ("urgency!=1", "CD"),
        ("urgency>1", "CD"),
        ("urgency<=2", "ABC"),
        ("urgencyBETWEEN2@3", "CD"),
        ("urgencyIN1,3", "ABD"),
        ("urgencyNOT IN1,3", "C"),
        ("categoryLIKEwar", "BC"),
        ("categorySTARTSWITHhard", "B"),
        ("categoryENDSWITHwork", "A"),
        ("categoryISEMPTY", "D"),
        ("categoryISNOTEMPTY", "ABC"),
        ("categoryANYTHING", "ABCD"),
        ("category=hardware", "B"),
        ("urgency=1^category=network", "A"),
        ("urgency=2^ORurgency=3", "CD"),
        ("urgency=1^ORurgency=2^categoryLIKEware", "BC"),
        ("urgency=1^category=network^NQurgency=3", "AD"),
        ("caller_id.preferred_language=nb", "AB"),
        ("caller_id.company.name=Harbour", "AB"),
        ("company.name=Harbour", "AB"),
        ("sys_created_on>=2026-11-02 12:02:00", "CD"),
        ("sys_created_on<2026-11-02 12:01:00", "A"),
    ],
)
def test_operators_find_what_the_platform_finds(reader: Client, query: str, found: str) -> None:
    assert "".join(reader.numbers(f"{query}^ORDERBYnumber")) == found


def test_order_goes_by_each_field_in_turn_and_both_ways(reader: Client) -> None:
    assert "".join(reader.numbers("ORDERBYDESCurgency^ORDERBYDESCnumber")) == "DCBA"
    assert "".join(reader.numbers("ORDERBYurgency^ORDERBYDESCnumber")) == "BACD"


def test_a_misspelt_field_is_dropped_so_that_everything_is_found(desk: World, client: Client) -> None:
    assert len(client.numbers("urgencyy=1")) == 4
    assert len(client.numbers("caller_id.langage=nb")) == 4
    assert len(client.numbers("urgency~1")) == 4


def test_an_alternative_whose_only_part_is_misspelt_finds_everything(desk: World, client: Client) -> None:
    assert len(client.numbers("urgency=1^NQurgencyy=3")) == 4


def test_a_broken_query_finds_nothing_where_the_instance_says_so(desk: World, client: Client) -> None:
    desk.set_property("glide.invalid_query.returns_no_rows", "true")
    assert client.numbers("urgencyy=1^urgency=1") == []
    assert len(client.numbers("urgency=1")) == 2


def test_a_value_that_is_not_escaped_adds_conditions_and_a_doubled_caret_does_not(desk: World, client: Client) -> None:
    assert len(client.numbers("category=x^ORurgency=1")) == 2
    assert client.numbers("category=x^^ORurgency=1") == []


def test_a_bare_time_is_utc_while_date_generate_is_read_in_the_accounts_zone(desk: World, client: Client) -> None:
    desk.accounts["itsm.sync"].zone = "Asia/Ho_Chi_Minh"
    assert "".join(client.numbers("sys_created_on>=2026-11-02 12:02:00^ORDERBYnumber")) == "CD"
    generated = "sys_created_on>=javascript:gs.dateGenerate('2026-11-02','{}')^ORDERBYnumber"
    assert "".join(client.numbers(generated.format("12:02:00"))) == "ABCD"
    assert "".join(client.numbers(generated.format("19:02:00"))) == "CD"


def test_a_time_in_iso_form_is_no_condition_at_all(desk: World, client: Client) -> None:
    assert len(client.numbers("sys_created_on>=2026-11-02T12:02:00Z")) == 4


def test_a_base_table_finds_the_records_of_the_tables_that_extend_it(desk: World, client: Client) -> None:
    desk.insert("sc_req_item", {"short_description": "A laptop", "number": "R"})
    found = client.rows("task", query="ORDERBYDESCnumber", fields="number,sys_class_name")
    assert [(row["number"], row["sys_class_name"]) for row in found][:2] == [("R", "sc_req_item"), ("D", "incident")]


def test_counts_are_given_over_all_and_by_a_field(desk: World, client: Client) -> None:
    path = "/api/now/stats/incident"
    counted = client.call("GET", path, params={"sysparm_count": "true", "sysparm_query": "urgency=1"}).json()
    assert counted["result"] == {"stats": {"count": "2"}}
    grouped = client.call("GET", path, params={"sysparm_count": "true", "sysparm_group_by": "urgency"}).json()
    assert {g["groupby_fields"][0]["value"]: g["stats"]["count"] for g in grouped["result"]} == {
        "1": "2",
        "2": "1",
        "3": "1",
    }


def test_a_query_that_was_asked_before_sees_what_has_changed_since(desk: World, client: Client) -> None:
    query = "caller_id.company.name=Harbour^ORDERBYnumber"
    assert "".join(client.numbers(query)) == "AB"
    first, fourth = (desk.find("incident", number=number) for number in "AD")
    desk.update("incident", fourth, {"caller_id": desk.find("sys_user", user_name="kari")})
    assert "".join(client.numbers(query)) == "ABD"
    desk.delete("incident", first)
    assert "".join(client.numbers(query)) == "BD"
    desk.update("core_company", desk.find("core_company", name="Harbour"), {"name": "Fjord"})
    assert client.numbers(query) == []
    assert "".join(client.numbers(query.replace("Harbour", "Fjord"))) == "BD"


Step = tuple[int, int, bool]


@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.booleans()), max_size=40),
    limit=st.integers(1, 7),
)
def test_paging_by_key_finds_every_record_of_the_scope_once_whatever_was_changed_when(
    steps: list[Step], limit: int
) -> None:
    clock = MovableClock(NOON)
    world = World(clock=clock)
    ids: list[str] = []
    for seconds, choice, fits in steps:
        clock.advance(seconds=seconds)
        if choice < len(ids):
            world.update("incident", ids[choice], {"description": f"{clock()} {fits}", "urgency": 1 if fits else 2})
        else:
            ids.append(world.insert("incident", {"urgency": 1 if fits else 2}))
        _page(world, ("", ""), limit)  # what is remembered of earlier queries must not show in later ones
    expected = sorted(
        (r["sys_updated_on"], r["sys_id"]) for r in (world.record("incident", i) for i in ids) if r["urgency"] == "1"
    )
    found, cursor = [], ("2026-01-01 00:00:00", "")
    while page := _page(world, cursor, limit):
        assert page[0] > cursor
        found += page
        cursor = page[-1]
    assert found == expected


def _page(world: World, cursor: tuple[str, str], limit: int) -> list[tuple[str, str]]:
    time, sys_id = cursor
    query = (
        f"urgency=1^sys_updated_on>{time}^NQurgency=1^sys_updated_on={time}^sys_id>{sys_id}"
        "^ORDERBYsys_updated_on^ORDERBYsys_id"
    )
    return [(record["sys_updated_on"], record["sys_id"]) for record in world.select("incident", query)[:limit]]
