"""What `check` proves about a whole book."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbook.book.boxes import meets, without
from deskbook.book.load import load_book
from deskbook.engine.routing import route

DESK = (
    "deskbook: 1\nname: Harbour\nzone: America/Toronto\nhours: { office: { mon-fri: 08:00-20:00"
    " } }\n"
)
PLANS = (
    "deskbook: 1\nname: Harbour\nzone: America/Toronto\nhours: { office: { mon-fri: 08:00-20:00 },"
    " always: { every day: 00:00-24:00 } }\nteams: { x: , y: { hours: always } }\nrouting: { first:"
    " x }\nplans: { day: , night: { hours: always, after hours: yes } }\n"
)
SORTED = DESK + "types: [a, b]\ncategories: [c, d]\nteams: [x, y]\n"


def codes(text, **more):
    return [finding.code for finding in load_book(text, **more).findings]


def message(text, code, **more):
    return next(
        str(finding) for finding in load_book(text, **more).findings if finding.code == code
    )


def test_a_combination_that_no_rule_fits_is_named():
    text = SORTED + "routing: { rules: [{ type: a, to: x }, { type: b, category: c, to: y }] }\n"
    assert "type b, category d" in message(text, "unrouted")


def test_a_rule_that_no_case_reaches_is_named_with_its_line():
    text = (
        SORTED
        + "routing:\n  rules:\n    - { type: [a, b], to: x }\n    - { type: a, category: d, to:"
        " y }\n"
    )
    assert ":11:" in message(text, "dead-rule")


def test_a_last_rule_without_conditions_takes_the_rest():
    assert codes(SORTED + "routing: { rules: [{ type: a, to: x }, { to: y }] }\n") == []


def test_big_products_of_facets_are_proved_without_counting_them_out():
    facets = "".join(
        f"  f{n}: {{ values: [{', '.join(f'v{v}' for v in range(20))}] }}\n" for n in range(12)
    )
    rules = "".join(f"    - {{ f{n}: [v0, v1], to: x }}\n" for n in range(12))
    assert (
        codes(
            f"{DESK}facets:\n{facets}teams: [x, y]\nrouting:\n  rules:\n{rules}    - {{ to: y }}\n"
        )
        == []
    )


VALUES = {"f": ["1", "2", "3"], "g": ["1", "2"], "h": ["1", "2", "3"]}
some_conditions = st.dictionaries(
    st.sampled_from(list(VALUES)), st.sets(st.sampled_from(["1", "2", "3"]), min_size=1)
)


@given(st.lists(some_conditions, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_proof_agrees_with_trying_every_case(lines):
    lines = [
        {f: [v for v in sorted(vs) if v in VALUES[f]] for f, vs in line.items()} for line in lines
    ]
    lines = [{f: vs for f, vs in line.items() if vs} for line in lines]
    facets = "".join(f"  {f}: {{ values: [{', '.join(vs)}] }}\n" for f, vs in VALUES.items())
    rules = "".join(
        f"    - {{ {''.join(f'{f}: [{chr(44).join(vs)}], ' for f, vs in line.items())}to: x }}\n"
        for line in lines
    )
    text = f"{DESK}facets:\n{facets}teams: [x]\nrouting:\n  rules:\n{rules}"
    cases = [dict(zip(VALUES, values, strict=True)) for values in product(*VALUES.values())]
    fits = [
        next(
            (n for n, line in enumerate(lines) if all(case[f] in vs for f, vs in line.items())),
            None,
        )
        for case in cases
    ]
    found = codes(text)
    assert ("unrouted" in found) == (None in fits)
    assert found.count("dead-rule") == len(set(range(len(lines))) - set(fits))


def test_what_is_left_of_a_box_is_disjoint_and_misses_what_was_taken():
    left = without(
        [{"f": frozenset("123"), "g": frozenset("12")}], {"f": frozenset("1"), "g": frozenset("1")}
    )
    assert not any(meets(box, {"f": frozenset("1"), "g": frozenset("1")}) for box in left)
    assert sum(len(box["f"]) * len(box["g"]) for box in left) == 5


@pytest.mark.parametrize(
    ("stages", "code"),
    [
        ("{ a: , b: }", "no-closed-stage"),
        ("{ a: { closed: yes } }", "first-stage"),
        ("{ a: { solved: yes }, b: , c: { closed: yes } }", "first-stage"),
        ("{ b: , a: { solved: yes, set by: opening }, c: { closed: yes } }", "first-stage"),
        ("{ a: , b: { to: [b] }, c: { closed: yes } }", "no-way-out"),
        ("{ a: , b: { to: [] }, c: { closed: yes } }", "no-way-out"),
        (
            "{ a: , b: { to: [], refuses: [ask] }, w: { set by: asking }, c: { closed: yes } }",
            "no-way-out",
        ),
        ("{ a: { to: [c] }, b: , c: { to: [c], closed: yes } }", "unreachable-stage"),
        ("{ a: , b: { by hand: no }, c: { closed: yes } }", "unreachable-stage"),
        ("{ a: , b: { to: [b], refuses: [close] }, c: { closed: yes } }", "endless-stage"),
        ("{ a: { set by: asking }, b: { set by: asking }, c: { closed: yes } }", "two-stages"),
        ("{ a: , b: { remind: [4bd, 2bd], close: 5bd }, c: { closed: yes } }", "ladder-order"),
        ("{ a: , b: { remind: [2bd, 4bd], close: 4bd }, c: { closed: yes } }", "ladder-order"),
        ("{ a: , b: { remind: 2bd, close: 1h }, c: { closed: yes } }", "ladder-order"),
        ("{ a: { to: [d] }, c: { closed: yes } }", "unknown-name"),
        ("{ a: { refuses: [dance] }, c: { closed: yes } }", "unknown-name"),
    ],
)
def test_stages_that_cannot_work_are_errors(stages, code):
    assert code in codes(f"{DESK}stages: {stages}\n")


def test_a_stage_where_the_requester_is_next_needs_no_ladder():
    stages = "a: { set by: the requester writing }, b: { next: requester }, c: { closed: yes }"
    assert codes(f"{DESK}stages: {{ {stages} }}\n") == []


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        ("[{ respond: 2bd to 1bd }]", "aim"),
        ("[{ respond: 1h, aim: 2h }]", "aim"),
        ("[{ respond: 4h, update: 1bd, aim: 2h }]", "aim"),
        ("[{ respond: 1bd }, { respond: 2bd }]", "dead-target"),
        (
            (
                "[{ channel: email, respond: 1bd }, { channel: portal, respond: 1bd }, { respond:"
                " 2bd }]"
            ),
            "dead-target",
        ),
        ("[{ type: a }]", "no-target"),
        ("[{ respond: 1bd, after hours: doubled }]", "after-hours"),
        ("[{ typ: a, respond: 1bd }]", "unknown-key"),
        ("[{ type: z, respond: 1bd }]", "unknown-name"),
        ("[{ respond: 1bd, hours: nights }]", "unknown-name"),
        ("[{ team: x, like: y }]", "unknown-name"),
    ],
)
def test_targets_that_cannot_work_are_errors(targets, code):
    assert code in codes(f"{SORTED}routing: {{ first: x }}\ntargets: {targets}\n")


def test_a_level_without_a_response_is_a_warning():
    text = (
        DESK
        + "severities: { s1: , s2: { default: yes } }\ntargets: [{ severity: s1, respond: 1h }]\n"
    )
    assert codes(text) == ["no-response"]
    assert load_book(text).desk is not None


def test_no_target_at_all_is_a_legal_answer():
    assert codes(DESK + "severities: { s1: , s2: { default: yes } }\n") == []


def test_levels_without_a_default_are_a_warning_and_two_defaults_an_error():
    assert codes(DESK + "severities: [s1, s2]\n") == ["no-default"]
    assert codes(DESK + "severities: { s1: { default: yes }, s2: { default: yes } }\n") == [
        "two-defaults"
    ]


def test_a_matrix_gives_every_combination_a_severity():
    levels = (
        DESK
        + "priorities: [P1, P2]\nmatrix: { impact: [all, one], urgency: [now, later], gives: { all:"
        " [P1, P1], one: "
    )
    desk = load_book(levels + "[P1, P2] } }\n").desk_or_raise()
    assert desk.matrix["one", "later"] == "p2"
    assert set(desk.facets) == {"impact", "urgency"}
    assert "matrix" in codes(levels + "[P1] } }\n")


def test_a_holiday_to_be_confirmed_is_a_warning_at_its_line():
    text = (
        DESK.replace("08:00-20:00 }", "08:00-20:00, closed: days }")
        + "holidays:\n  days:\n    2026-08-17: { name: Jhulana, confirmed: no }\n"
    )
    assert ":7:5: warning: Jhulana" in message(text, "unconfirmed")


def test_holidays_of_next_year_are_missed_from_july_on():
    text = (
        DESK.replace("08:00-20:00 }", "08:00-20:00, closed: days }")
        + "holidays: { days: { 2026-07-01: x } }\n"
    )
    assert codes(text) == []
    assert codes(text, today=date(2026, 3, 1)) == []
    assert "2027" in message(text, "next-year", today=date(2026, 11, 22))


def test_a_list_of_holidays_nobody_uses_is_a_warning():
    assert codes(DESK + "holidays: { days: { 12-25: x } }\n") == ["unused"]


def test_hours_that_are_over_are_a_warning_when_the_date_is_known():
    text = DESK + "open: { from: 2023-08-07, until: 2023-08-14 }\n"
    assert codes(text) == []
    assert codes(text, today=date(2026, 11, 22)) == ["over"]


def test_a_zone_without_summer_time_is_a_warning():
    assert codes(DESK.replace("America/Toronto", "EST")) == ["fixed-zone"]


def test_more_people_than_seats_is_an_error():
    assert codes(DESK + "seats: { Jira: { limit: 1, for: [a, b] } }\n") == ["seats"]


def test_a_team_like_another_takes_its_promises_over():
    text = (
        SORTED
        + "routing: { first: x }\ntargets:\n  - { team: x, type: a, answer: 1bd to 2bd }\n"
        + "  - { team: y, like: x, recommended: yes }\n"
    )
    first, second = load_book(text).desk_or_raise().targets
    assert (second.limit, second.aim, second.recommended) == (first.limit, first.aim, True)
    assert second.when == {"team": {"y"}, "type": {"a"}}


def test_the_first_rule_that_fits_wins_in_the_engine_too():
    desk = load_book(
        SORTED + "routing: { rules: [{ type: a, to: x }, { to: y }] }\n"
    ).desk_or_raise()
    assert route(desk, {"type": "a"}).to == "x"
    assert route(desk, {"type": "b"}).to == "y"


@pytest.mark.parametrize("end", ["closed: yes", "redirected: yes, closed: yes"])
@pytest.mark.parametrize("ladder", ["close: 5bd", "remind: 2bd"])
def test_a_ladder_where_a_case_is_over_is_an_error(ladder, end):
    found = codes(
        f"{DESK}stages: {{ a: , b: {{ closed: yes }}, c: {{ {end}, by hand: yes, {ladder} }} }}\n"
    )
    assert "closed-ladder" in found


def test_a_ladder_where_the_desk_is_next_is_a_warning():
    found = load_book(f"{DESK}stages: {{ a: {{ remind: 2bd }}, c: {{ closed: yes }} }}\n").findings
    assert [(f.code, f.level) for f in found] == [("desk-ladder", "warning")]
    assert (
        codes(f"{DESK}stages: {{ a: , b: {{ solved: yes, close: 5bd }}, c: {{ closed: yes }} }}\n")
        == []
    )


@pytest.mark.parametrize("amount", ["0h", "0bd", "0d", "0h to 2h", "0w"])
def test_a_promise_of_no_time_is_an_error(amount):
    assert "no-time" in codes(f"{DESK}targets: [{{ respond: {amount} }}]\n")


@pytest.mark.parametrize(
    "section",
    [
        "teams: [Help, help]",
        "plans: [a, A]",
        "severities: { S1: { default: yes }, s1: }",
        "types: [bug, Bug]",
        "facets: { part: { values: [x, X] } }",
        "facets: { part: { values: [x] }, Part: { values: [x] } }",
        "stages: { a: , A: , c: { closed: yes } }",
        "holidays: { days: { 12-25: x }, Days: { 12-25: x } }",
    ],
)
def test_names_that_differ_only_by_case_are_an_error(section):
    assert "same-name" in codes(f"{DESK}{section}\n")


def test_a_mail_address_given_twice_is_an_error():
    assert codes(f"{DESK}mail: [help@desk.example, Help@desk.example]\n") == ["same-address"]


def test_after_hours_that_no_plan_includes_is_a_warning():
    line = "targets: [{ respond: 1h, after hours: doubled }]\n"
    assert codes(DESK + line) == ["no-after-hours"]
    assert codes(DESK + "plans: { gold: { after hours: yes } }\n" + line) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("targets: [{ acknowledge: 3bd }]", "the first answer of a person is `respond`"),
        ("targets: [{ escalate: 3bd }]", "`hands up` of a level"),
        ("targets: [{ severty: S1, respond: 3bd }]", "did you mean 'severity'?"),
        ("teams: [a]\ntell: [{ on: opening, to: a, respond: 1h }]", "team, channel, on, to"),
    ],
)
def test_a_word_of_the_policy_that_is_no_key_is_answered_with_the_word_of_the_book(line, words):
    assert words in message(f"{DESK}{line}\n", "unknown-key")


def test_hours_round_the_clock_that_are_missing_are_shown_as_they_would_be_written():
    told = message(DESK + "targets: [{ respond: 4h, hours: always }]\n", "unknown-name")
    assert "add it under `hours`: `always: { every day: 00:00-24:00 }`" in told


def test_only_the_next_update_is_dated_as_agreed():
    for promise in ("resolve: as agreed", "respond: 1bd or as agreed", "answer: as agreed"):
        line = f"targets: [{{ {promise} }}]\n"
        assert "agreed" in codes(DESK + line), promise
        assert "no promise" in message(DESK + line, "agreed")
    assert codes(DESK + "targets: [{ update: 1bd or as agreed }]\n") == []


def test_solved_sooner_than_answered_is_a_warning():
    assert codes(DESK + "targets: [{ respond: 2bd, resolve: 1bd }]\n") == ["resolve-first"]
    assert codes(DESK + "targets: [{ respond: 2h, resolve: 2h }]\n") == []
    assert codes(DESK + "targets: [{ respond: 1bd, resolve: 1d }]\n") == []


def test_a_day_given_twice_is_a_warning():
    assert codes(DESK.replace("08:00-20:00", "08:00-20:00, fri: 08:00-12:00")) == ["day-twice"]
    assert "Saturday" in message(
        DESK.replace("mon-fri: 08:00-20:00", "every day: 08:00-20:00, sat: closed"), "day-twice"
    )


@pytest.mark.parametrize(
    "line",
    [
        "{ respond: 24h }",
        "{ respond: 1d, resolve: 48 hours }",
        "{ team: x, answer: 36h }",
        "{ plan: day, resolve: 72h }",
    ],
)
def test_a_day_or_more_in_hours_of_a_desk_that_closes_is_a_warning(line):
    assert codes(PLANS + f"targets: [{line}]\n") == ["open-hours"]


@pytest.mark.parametrize(
    "line",
    [
        "{ respond: 24 open hours }",
        "{ respond: 24h, hours: office }",
        "{ respond: 24h, hours: always }",
        "{ respond: 1d }",
        "{ respond: 23h }",
        "{ team: y, answer: 24h }",
        "{ plan: night, resolve: 72h }",
        "{ plan: night, resolve: 72h, after hours: doubled }",
    ],
)
def test_a_day_or_more_in_hours_that_can_only_be_meant_so_is_none(line):
    assert codes(PLANS + f"targets: [{line}]\n") == []


def test_a_day_or_more_in_hours_is_answered_with_both_that_may_be_meant():
    said = message(PLANS + "targets: [{ respond: 48h }]\n", "open-hours")
    assert "`2d`" in said
    assert "`48 open hours`" in said


def test_a_case_is_named_as_the_book_spells_it():
    text = DESK + (
        "severities: { S1: , S2: { default: yes } }\ntypes: [iFIX, b]\ntargets:\n"
        "  - { severity: [S1, S2], respond: 1h }\n  - { type: iFIX, respond: 2h }\n"
    )
    assert "severity S1, type iFIX" in message(text, "tie")


def test_a_team_of_the_level_itself_is_no_way_up_and_the_finding_says_so():
    text = DESK + (
        "levels: { L1: { hands up: { after: 1h, to: x } }, L2: }\n"
        "teams: { x: { level: L1 }, y: { level: L2 } }\nrouting: { first: x }\n"
    )
    said = message(text, "no-way-up")
    assert "X is of L1 itself" in said
    assert "add a hop" not in said
