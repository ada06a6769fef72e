"""Levels, hops, outside contacts, sites, papers, freezes, rosters and responsibilities, as an owner
writes them.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deskbook.book.load import load_book
from deskbook.engine.amounts import OpenTime
from deskbook.engine.desk import Staffing
from deskbook.engine.organisation import Hop
from deskbook.engine.procedure_parts import Column

BOOKS = Path(__file__).parents[2] / "books"
DESK = "deskbook: 1\nname: X\nzone: Africa/Maputo\nhours: { l2: { every day: 06:00-24:00 } }\n"
LEVELS = (
    DESK + "levels: { L1: , L2: }\nteams: { a: { level: L1 }, b: { level: L2 } }\nrouting: { first:"
    " a }\n"
)
BACK = "{ from: L1, to: L2 }, { from: L2, to: L1 }"
FROZEN = (
    "open: {{ from: 2023-08-07, until: end of distribution + 5d }}\ndates: {{ end of distribution:"
    " 2023-08-14 }}\ntypes: [change request, incident]\nstages: {{ new: , held: {{ set by: freeze"
    " }}, closed: {{ closed: yes }} }}\nfreeze: {{ what: change request, while: campaign{} }}\n"
)
AUGUST_20 = datetime(2023, 8, 19, 22, tzinfo=UTC)  # midnight in Maputo


def codes(text):
    return [finding.code for finding in load_book(text).findings]


def only(text):
    (finding,) = load_book(text).findings
    return str(finding)


def test_a_hop_knows_its_channels_and_its_line():
    desk = load_book(
        LEVELS + "hops:\n  - { from: L1, to: L2, by: [phone, WhatsApp] }\n  - { from: b, to: a }\n"
    )
    assert desk.desk_or_raise().hops == (
        Hop("l1", "l2", ("phone", "whatsapp"), 9),
        Hop("b", "a", (), 10),
    )


def test_a_hop_may_name_several_on_either_side():
    desk = load_book(LEVELS + "hops: [{ from: [a, b], to: [b, L1] }]\n").desk_or_raise()
    assert [(hop.leaves, hop.arrives) for hop in desk.hops] == [
        ("a", "b"),
        ("a", "l1"),
        ("b", "l1"),
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("hops: [{ from: L1, to: L3 }]\n", "unknown-name"),
        ("hops: [{ from: L1, to: L2 }]\n", "no-hop"),
        ("hops: [{ from: L1, to: L1 }]\n", "no-way"),
        (f"hops: [{BACK}]\nlevels: {{ L1: , L2: , L3: }}\n", "duplicate-key"),
        ("outside: { officials: Others. }\n", "no-channel"),
        ("tell: [{ on: opening, to: nobody }]\n", "unknown-name"),
        ("tell: [{ on: sleeping, to: a }]\n", "unknown-word"),
        ("tell: [{ on: opening, to: x@y }]\n", "address"),
        ("tell: [{ on: breach, to: o }]\noutside: { o: { by: phone } }\n", "no-address"),
        ("outside: { officials: { by: phone } }\n", "no-redirected-stage"),
        (
            "stages: { new: , closed: { closed: yes }, elsewhere: { redirected: yes } }\n",
            "no-outside",
        ),
        (
            "stages: { new: , elsewhere: { redirected: yes }, closed: { closed: yes } }\n",
            "first-closed",
        ),
        ("rosters: [{ team: c }]\n", "unknown-name"),
        ("rosters: [{ team: a, during: nights }]\n", "unknown-name"),
        ("rosters: [{ team: a, place: Nampula }]\n", "unknown-name"),
        ("rosters: [{ team: a, assign: by lot }]\n", "unknown-word"),
        ("alerts: { always for: critical }\n", "unknown-name"),
        ("sites: { Nampula: { team: c } }\n", "unknown-name"),
        ("sites: { Nampula: { visitor hours: mornings } }\n", "unknown-name"),
        ("facets: { site: { values: [x] } }\n", "two-facets"),
        ("directory: { PEN: { identifies: yes, asked by: chat } }\n", "unknown-name"),
        ("directory: [name]\n", "no-identity"),
        ("responsibilities: { Office space: { supported by: Provinces } }\n", "unowned"),
        ("responsibilities: { Office space: }\n", "unowned"),
        ("freeze: { what: [x], while: campaign }\n", "unknown-key"),
    ],
)
def test_what_cannot_work_is_found(more, code):
    assert code in codes(LEVELS + more)


def handing_up(line):
    return LEVELS.replace("L1: ,", f"L1: {{ hands up: {line} }},")


def test_a_case_that_comes_back_goes_up_at_once_and_to_nobody_outside():
    assert codes(handing_up("{ on: reopening }")) == codes(handing_up("1h"))
    assert "hand-up" in codes(handing_up("{ on: reopening, after: 1h }"))
    outside = "outside: { law: { by: [phone], mail: law@desk.example } }\n"
    assert "hand-up" in codes(handing_up("{ on: reopening, to: law }") + outside)


def test_a_hand_up_says_what_stops_it_for_which_cases_and_who_gets_it():
    text = handing_up("[1h, { severity: s1, after: 2bd, on: not solved, to: b }]")
    desk = load_book(text + "severities: { S1: , S2: { default: yes } }\n").desk_or_raise()
    first, second = desk.levels["l1"].hands_up
    assert (first.on, first.after, first.to) == ("not answered", OpenTime(timedelta(hours=1)), None)
    assert (second.on, second.when, second.to) == (
        "not solved",
        {"severity": frozenset({"s1"})},
        "b",
    )


def test_how_long_nobody_may_have_acted_is_short_for_a_line_of_handing_up():
    short = LEVELS.replace("L1: ,", "L1: { hands up after: 1h },")
    desks = [load_book(text).desk_or_raise() for text in (short, handing_up("1h"))]
    assert desks[0].levels == desks[1].levels


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{ on: not solved }", "hand-up"),
        ("{ after: 1h, on: response breached }", "hand-up"),
        ("{ after: 1h, on: not liked }", "unknown-word"),
        ("{ after: 1h, to: nobody }", "unknown-name"),
        ("{ after: 1h, colour: red }", "unknown-key"),
        ("{ after: 1h, to: L1 }", "no-way-up"),
    ],
)
def test_a_hand_up_that_cannot_work_is_found(line, code):
    assert codes(handing_up(line)) == [code]


def test_hand_ups_that_run_in_a_circle_are_found_and_those_for_different_cases_are_none():
    circle = handing_up("{ after: 1h }").replace(
        "L2: }", "L2: { hands up: { after: 1h, on: not solved, to: a } } }"
    )
    assert codes(circle) == ["hand-up-circle", "hand-up-circle"]
    apart = circle.replace("{ after: 1h }", "{ after: 1h, severity: S1 }").replace(
        "to: a }", "to: a, severity: S2 }"
    )
    assert codes(apart + "severities: { S1: , S2: { default: yes } }\n") == []


def test_a_line_for_a_team_says_what_the_team_owes():
    lines = "targets: [{{ team: a, {}: 1bd }}]\n"
    for word in ("respond", "update"):
        assert codes(LEVELS + lines.format(word)) == ["team-promise"]
    for word in ("answer", "resolve"):
        assert codes(LEVELS + lines.format(word)) == []


def test_a_level_nobody_belongs_to_is_a_warning():
    text = LEVELS.replace("L2: }\n", "L2: , L3: }\n")
    assert "level: L3" in only(text)


def test_a_level_and_a_team_of_one_name_are_told_apart():
    assert "two-names" in codes(
        LEVELS.replace("a: { level", "L2: { level").replace("first: a", "first: b")
    )


def test_handing_up_needs_somewhere_to_go():
    upward = LEVELS.replace("L1: ,", "L1: { hands up after: 1h },")
    assert codes(upward) == []
    assert codes(upward + f"hops: [{BACK}]\n") == []
    assert "no-way-up" in codes(upward + "hops: [{ from: L2, to: L1 }]\n")
    assert "no-way-up" in codes(LEVELS.replace("L2: }\n", "L2: { hands up after: 1h } }\n"))


def test_an_owned_responsibility_may_be_one_word():
    book = load_book(DESK + "responsibilities: { Training: eGov }\n").book
    assert book.responsibilities["Training"].owned_by == ["eGov"]


def test_the_campaign_ends_some_days_after_a_named_date():
    desk = load_book(DESK + FROZEN.format("")).desk_or_raise()
    assert desk.calendars["l2"].is_open(AUGUST_20 - timedelta(minutes=1))
    assert not desk.calendars["l2"].is_open(AUGUST_20 + timedelta(hours=12))


def test_a_freeze_holds_for_the_campaign_and_gives_back_the_day_after():
    (freeze,) = load_book(DESK + FROZEN.format("")).desk_or_raise().freezes
    assert (freeze.from_at, freeze.until_at) == (datetime(2023, 8, 6, 22, tzinfo=UTC), AUGUST_20)
    assert freeze.pick_up_at == AUGUST_20
    assert freeze.when == {"type": {"change request"}}
    (later,) = load_book(DESK + FROZEN.format(", pick up: 2023-09-01")).desk_or_raise().freezes
    assert later.pick_up_at == datetime(2023, 8, 31, 22, tzinfo=UTC)


def test_a_held_stage_pauses_the_clocks_and_nobody_puts_a_case_there():
    stage = load_book(DESK + FROZEN.format("")).desk_or_raise().stages["held"]
    assert set(stage.clocks.values()) == {"pauses"}
    assert (stage.by_hand, stage.next) == (False, "nobody")


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (FROZEN.format(", pick up: 2023-08-10"), "dates", "still held"),
        (FROZEN.format(", until: end of rain"), "unknown-name", "end of distribution"),
        (FROZEN.format("").replace(" set by: freeze ", ""), "no-freeze-stage", "set by: freeze"),
        (FROZEN.format("").replace("until: end of distribution + 5d", ""), "dates", "`open` needs"),
        (
            FROZEN.format("").replace("while: campaign", "from: 2023-08-09"),
            "dates",
            "from when until when",
        ),
        (
            FROZEN.format("").replace("while: campaign", "from: 2023-08-09, until: 2023-08-01"),
            "dates",
            "ends before",
        ),
        (FROZEN.format("").replace("+ 5d", "- 30d"), "dates", "campaign ends before"),
        (FROZEN.format(", hand over: { type: incident, to: nobody }"), "unknown-name", "no team"),
    ],
)
def test_wrong_dates_of_a_freeze_say_what_to_do(text, code, words):
    findings = {finding.code: str(finding) for finding in load_book(DESK + text).errors}
    assert words in findings[code]


def procedures(categories):
    return load_book(f"{DESK}categories: {categories}\n")


def test_steps_are_mandatory_unless_marked_and_papers_may_be_files_of_a_shape():
    (procedure,) = (
        procedures(
            "{ data: { steps: [Compare, Thank them (optional)], papers: [{ paper: Villages,"
            " columns: [Distrito, { column: Aldeia, unique: yes }, { column: What, values: [new,"
            " gone] }, Notes (optional)] }] } }"
        )
        .desk_or_raise()
        .procedures
    )
    assert procedure.when == {"category": {"data"}}
    assert [(step.title, step.mandatory) for step in procedure.steps] == [
        ("Compare", True),
        ("Thank them", False),
    ]
    assert procedure.papers[0].columns == (
        Column("distrito", "Distrito"),
        Column("aldeia", "Aldeia", unique=True),
        Column("what", "What", values=("new", "gone")),
        Column("notes", "Notes", required=False),
    )
    assert procedure.line == 5


@pytest.mark.parametrize(
    ("categories", "code"),
    [
        ("{ data: { steps: [Compare, compare] } }", "twice"),
        ("{ data: { papers: [FORM 3, FORM 3] } }", "twice"),
        ("{ data: { papers: { paper: V, columns: [A, a] } } }", "twice"),
        ("{ data: { papers: { paper: V, columns: [A (optional)] } } }", "columns"),
        (
            (
                "{ data: { papers: { paper: V, columns: [{ column: A, unique: yes, values: [x] }]"
                " } } }"
            ),
            "columns",
        ),
        (
            "{ data: { steps: [Compare] } }\nprocedures: [{ category: data, steps: [Compare] }]",
            "twice",
        ),
        ("{ data: }\nprocedures: [{ category: data }]", "no-procedure"),
        ("{ data: }\nprocedures: [{ category: dta, steps: [Compare] }]", "unknown-name"),
        ("{ data: { gathers: incident } }", "unknown-name"),
    ],
)
def test_steps_and_papers_that_cannot_work_are_errors(categories, code):
    assert code in [finding.code for finding in procedures(categories).errors]


def test_one_step_of_two_categories_is_two_steps():
    assert procedures("{ data: { steps: [Compare] }, user: { steps: [Compare] } }").findings == ()


def test_a_problem_gathers_its_incidents():
    text = DESK + "types: { problem: { gathers: incident }, incident: Something is broken. }\n"
    assert load_book(text).desk_or_raise().facets["type"].gathers == {"problem": {"incident"}}


def test_a_text_cut_in_two_by_its_comma_is_found():
    finding = only(DESK + "categories: { functional: How it works, and more }\n")
    assert ":5:41: error: 'and more' has no colon" in finding
    assert codes(DESK + "categories: { functional: How it works., other: }\n") == []


def test_sites_are_a_facet_and_rosters_may_be_for_one():
    text = (
        DESK
        + "teams: [a]\nsites: { Nampula: { phone: 1 } }\nrosters: [{ team: a, at least: 2, place:"
        " Nampula }]\n"
    )
    desk = load_book(text).desk_or_raise()
    assert desk.facets["site"].values == {"nampula": "Nampula"}
    assert desk.staffing == (Staffing("a", "l2", 2, "nampula", 7),)


def test_a_roster_line_without_hours_takes_those_of_its_team():
    text = DESK.replace("l2:", "l3: { mon: 09:00-17:00 }, l2:")
    desk = load_book(
        text + "teams: { a: { hours: l2 } }\nrosters: [{ team: a, assign: least loaded }]\n"
    ).desk_or_raise()
    assert (desk.staffing[0].hours, desk.staffing[0].assign) == ("l2", "least loaded")


def test_spark_sends_the_northern_districts_to_kannur_and_the_others_to_their_treasuries():
    desk = load_book(BOOKS / "spark.yaml").desk_or_raise()
    to = {district: rule.to for rule in desk.rules for district in rule.when.get("district", ())}
    northern = {"kannur", "kasaragod", "kozhikode", "wayanad", "malappuram"}
    assert {district for district, team in to.items() if team == "kannur regional desk"} == northern
    assert len(to) == 15
    assert desk.targets == ()
    assert len(desk.facets["site"].values) == 25


def test_salama_has_no_target_and_works_every_day():
    desk = load_book(BOOKS / "salama.yaml").desk_or_raise()
    assert desk.targets == ()
    assert all(not calendar.closures for calendar in desk.calendars.values())
    assert [column.title for column in desk.procedures[-1].papers[0].columns] == [
        "Província",
        "Distrito",
        "Posto Administrativo",
        "Localidade",
        "Aldeia",
    ]
