"""What `check` says of a book that cannot do what it says: the finding, and the lines that conflict."""

from datetime import date

import pytest

from deskbook.book.load import load_book

DESK = "deskbook: 1\nname: Harbour\nzone: America/Toronto\n"
HOURS = "hours: { office: { mon-fri: 08:00-20:00 }, always: { every day: 00:00-24:00 } }\n"
TWO = "severities: { S1: , S2: { default: yes } }\n"
TEAMS = "teams: { x: , y: }\nrouting: { first: x }\n"
LADDER = "levels: { L1: , L2: }\n"


def found(text, today=None):
    return {f.code: f for f in load_book(text, today=today).findings}


def said(text, code):
    findings = found(text)
    assert code in findings, findings
    return findings[code].message


PROVED = {
    "slower": f"{TWO}targets:\n  - {{ severity: S1, respond: 4h }}\n  - {{ severity: S2, respond: 2h }}\n",
    "tie": (
        f"{TWO}types: [a, b]\ntargets:\n  - {{ severity: S1, respond: 4h }}\n"
        "  - { type: a, respond: 2h }\n  - { respond: 3h }\n"
    ),
    "dead-promise": (
        f"{TWO}targets:\n  - {{ severity: [S1, S2], respond: 1h }}\n"
        "  - { respond: 2h, resolve: 9bd }\n"
    ),
    "never-starts": "targets: [{ respond: 1h, from: arrival }]\n",
    "matrix-order": (
        f"{TWO}matrix: {{ impact: [all, one], urgency: [now, later], gives: {{ all: [S2, S1], one:"
        " [S2, S2] } }\n"
    ),
    "matrix-never": (
        f"{TWO}matrix: {{ impact: [all], urgency: [now, later], gives: {{ all: [S2, S2] }} }}\n"
    ),
    "matrix-refused": (
        "severities: { S1: { only by: phone }, S2: { default: yes } }\nchannels: [email, phone]\n"
        "matrix: { impact: [all], urgency: [now, later], gives: { all: [S1, S2] } }\n"
    ),
    "key-name": "facets: { respond: { values: [a, b] } }\n",
    "empty-name": 'teams: { "": , y: }\nrouting: { first: y }\n',
    "twice": "languages: [en, pt, en]\n",
    "asked-late": (
        "facets: { place: { values: [a, b], default: a } }\nteams: { x: , y: }\n"
        "routing: { rules: [{ place: a, to: x }, { place: b, to: y }] }\n"
    ),
    "empty-to": "stages: { a: { set by: assignment }, b: { to: [] }, c: { closed: yes } }\n",
    "answer-unnoticed": (
        "stages: { a: , b: { next: requester, set by: asking }, c: { closed: yes } }\n"
    ),
    "closing-refused": "stages: { a: { refuses: close }, c: { closed: yes } }\n",
    "unreached-team": f"{TEAMS.replace('y: }', 'y: , z: }')}hops: [{{ from: x, to: y }}]\n",
    "no-way-on": f"{TEAMS}hops: [{{ from: x, to: y }}]\n",
    "unknown-channel": f"{TEAMS}hops: [{{ from: x, to: y, by: drum }}, {{ from: y, to: x }}]\n",
    "late-hand-up": (
        "levels: { L1: { hands up after: 5bd }, L2: }\nteams: { x: { level: L1 }, y: { level: L2 }"
        " }\nrouting: { first: x }\ntargets: [{ respond: 1h }]\n"
    ),
    "too-few-people": (
        "teams: { x: { people: { agent: 1-2 } } }\nrosters: [{ team: x, at least: 3 }]\n"
    ),
    "unstaffed": (
        "teams: { x: { hours: always } }\nrosters: [{ team: x, during: office, at least: 1 }]\n"
    ),
    "no-people": (
        "teams: { x: { people: { agent: 2 } }, y: { people: { agent: 2 } }, z: }\n"
        "routing: { first: x }\n"
    ),
    "nobody-there": "teams: { x: { hours: office } }\ntargets: [{ respond: 1h, hours: always }]\n",
    "untranslated": (
        "languages: [en, pt]\nservices: { a: { in: { pt: A } }, b: }\n"
        "channels: { visit: { by: walk-in } }\nsites: { p: { counters: 1 } }\n"
    ),
    "no-such-text": "in: { pt: { words: { Compare the list: Comparar a lista } } }\n",
    "ladder-order": (
        "stages: { a: , b: { next: requester, remind: [2bd, 9bd], close: 6bd }, c: { closed: yes }"
        " }\n"
    ),
    "seats": "seats: { Jira: { limit: 1, for: [a, b] } }\n",
}


@pytest.mark.parametrize("code", PROVED)
def test_what_cannot_work_is_said(code):
    assert code in found(DESK + HOURS + PROVED[code])


@pytest.mark.parametrize(
    ("window", "is_a_slip"),
    [
        ("18:00-09:00", True),
        ("20:00-08:00", True),
        ("22:00-06:00", False),
        ("09:30-03:30", False),
        ("09:00-18:00", False),
    ],
)
def test_a_window_turned_round_is_no_night(window, is_a_slip):
    slips = found(f"{DESK}hours: {{ office: {{ mon-fri: {window} }} }}\n")
    assert ("overnight" in slips) == is_a_slip


def test_a_night_of_twelve_hours_beside_its_day_is_no_slip():
    hours = "hours: { day: { every day: 08:00-20:00 }, night: { every day: 20:00-08:00 } }\n"
    assert found(DESK + hours) == {}


def test_a_dead_rule_names_the_line_that_takes_its_cases_and_one_of_them():
    text = (
        f"{DESK}{HOURS}types: [a, b]\nteams: {{ x: , y: }}\nrouting:\n  rules:\n"
        "    - { type: [a, b], to: x }\n    - { type: b, to: y }\n"
    )
    dead = found(text)["dead-rule"]
    assert "line 9 above" in dead.message
    assert "type b" in dead.message
    assert (dead.line, dead.also) == (10, ((9, 7),))
    assert ":9:7: see here" in str(dead)
    assert dead.as_dict()["also"] == [{"line": 9, "column": 7}]


def test_a_dead_target_names_the_lines_that_take_its_cases():
    lines = "  - { severity: S1, respond: 1h }\n  - { severity: S2, respond: 2h }\n"
    dead = found(f"{DESK}{HOURS}{TWO}targets:\n{lines}  - {{ respond: 3h }}\n")["dead-target"]
    assert [line for line, _ in dead.also] == [7, 8]


def test_the_hours_that_nobody_keeps_are_said_exactly():
    text = f"{DESK}{HOURS}{PROVED['unstaffed']}"
    assert said(text, "unstaffed").startswith("Mon 00:00–08:00 nobody")
    text = text.replace("every day: 00:00-24:00", "mon-fri: 08:00-20:00, sat: 14:00-16:00")
    assert said(text, "unstaffed").startswith("Sat 14:00–16:00 nobody")


def test_one_person_is_not_on_shift_every_hour_of_the_week():
    line = "rosters: [{ team: x, during: always, at least: 1 }]\n"
    text = f"{DESK}{HOURS}teams: {{ x: {{ people: {{ agent: 1 }} }} }}\n{line}"
    assert "168 hours for each" in said(text, "too-few-people")
    assert found(text.replace("agent: 1", "agent: 5")) == {}


def test_a_slip_in_the_amount_of_the_gravest_is_shown_beside_the_other():
    slow = found(f"{DESK}{HOURS}{PROVED['slower']}")["slower"]
    assert (slow.line, [line for line, _ in slow.also]) == (7, [8])


def test_different_hours_are_no_reason_to_compare_severities():
    lines = (
        "targets: [{ severity: S1, respond: 4h, hours: always }, { severity: S2, respond: 2h }]\n"
    )
    assert "slower" not in found(f"{DESK}{HOURS}{TWO}{lines}")


def test_which_of_two_levels_is_slower_is_asked_of_the_hours_of_their_plan():
    hours = "hours: { office: { mon-fri: 09:00-17:00 }, always: { every day: 00:00-24:00 } }\n"
    plans = "plans: { paid: { hours: always } }\n"
    lines = "targets:\n  - { plan: paid, severity: S1, respond: 96h }\n  - { plan: paid, severity: S2, respond: 7d }\n"
    assert "slower" not in found(f"{DESK}{hours}{TWO}{plans}{lines}")


def test_business_days_of_hours_that_never_close_are_days_and_said_to_be():
    line = "targets: [{ respond: 1d, resolve: 20bd, hours: always }]\n"
    assert "or write it in days" in said(f"{DESK}{HOURS}{line}", "no-business-day")
    holidays = HOURS.replace("00:00-24:00 }", "00:00-24:00, closed: [12-25] }")
    assert "no-business-day" not in found(f"{DESK}{holidays}{line}")
    assert "no-business-day" not in found(f"{DESK}{HOURS}{line.replace('20bd', '20d')}")


def test_what_is_promised_of_a_team_is_no_rival_of_what_is_promised_to_the_customer():
    lines = "targets:\n  - { severity: S1, resolve: 1bd }\n  - { team: a, resolve: 2bd }\n"
    told = found(f"{DESK}{HOURS}{TWO}teams: [a]\nrouting: {{ first: a }}\n{lines}")
    assert not told.keys() & {"tie", "dead-target"}


def test_a_freeze_that_is_over_is_a_warning_once_the_date_is_known():
    text = (
        f"{DESK}{HOURS}types: [change, other]\nstages: {{ a: , f: {{ set by: freeze }}, c: {{ closed:"
        " yes } }\nfreeze: { what: change, from: 2023-01-01, until: 2023-02-01 }\n"
    )
    assert "over" not in found(text)
    assert "over" in found(text, today=date(2026, 3, 2))


def test_a_facet_the_requester_chooses_is_known_when_the_case_is_routed():
    text = DESK + HOURS + PROVED["asked-late"].replace("default: a", "default: a, asked: requester")
    assert "asked-late" not in found(text)


def test_a_list_of_cells_may_give_a_severity_twice():
    text = f"{DESK}{HOURS}{PROVED['matrix-order'].replace('[S2, S1]', '[S1, S2]')}"
    assert found(text) == {}


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ("limits: [{ most: 3, team: x }]", "limit-facets"),
        ("limits: [{ most: 3 }, { most: 4 }]", "same-limit"),
        ("limits: [{ most: 3 }, { most: 4, severity: S1 }]", "limit-never"),
        ("limits: [{ most: 3, severity: S9 }]", "unknown-name"),
        ("channels: [drum]", "unknown-name"),
        ("channels: [email]", "plan-channels"),
    ],
)
def test_what_a_plan_cannot_keep_to_is_found_at_its_line(plan, code):
    text = f"{DESK}{HOURS}{TEAMS}channels: [email, phone]\nseverities: {{ S1: {{ only by: phone }}, S2: {{ default: yes }} }}\nplans:\n  basic: {{ {plan} }}\n"
    assert [(f.code, f.line) for f in load_book(text).findings if f.line > 8] == [(code, 10)]


def test_a_limit_that_is_taken_beyond_hides_no_other():
    limits = "limits: [{ most: 3, beyond: taken }, { most: 4, severity: S1 }]"
    text = f"{DESK}{HOURS}{TWO}plans:\n  basic: {{ {limits} }}\n"
    assert load_book(text).findings == ()
