"""What a book may look like on paper, and what an owner hears when it cannot be read."""

import json

import pytest

from deskbook.book.load import WrongBook, load_book, load_calendar

DESK = (
    "deskbook: 1\nname: Harbour\nzone: America/Toronto\nhours: { office: { mon-fri: 08:00-20:00"
    " } }\n"
)


def said(text, **more):
    return [str(finding) for finding in load_book(text, name="b.yaml", **more).findings]


def only(text):
    findings = said(text)
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    ("text", "place", "words", "code"),
    [
        (" \n", "1:1", "empty", "empty"),
        ("# nothing yet\n", "1:1", "only comments", "empty"),
        ("- a\n- b\n", "1:1", "keys and values", "type"),
        ("name:\n\tdeskbook: 1\n", "2:1", "indent with spaces", "tab"),
        (DESK + "about: !!python/object/apply:os.system [ls]\n", "5:8", "no tags", "tag"),
        (DESK + "about: !secret x\n", "5:8", "no tags", "tag"),
        ("a: " + "[" * 5000 + "\n", "1:23", "deeper than 20", "too-deep"),
        (DESK + "---\n" + DESK, "5:1", "one book", "documents"),
        (DESK + "about: \x00\n", "5:8", "no text file holds", "characters"),
        ("? [a]\n: b\n", "1:3", "must be text", "key"),
        (DESK + "name: Again\n", "5:1", "a second time", "duplicate-key"),
        (DESK + "about: 'not closed\n", "5:8", "never closed", "yaml"),
        (DESK + "about: one: two\n", "5:11", "quotes", "yaml"),
        (DESK + "about: *nobody\n", "5:8", "stands for nothing", "alias"),
        ("a: &a [*a]\n", "1:8", "stands for nothing", "alias"),
    ],
)
def test_text_that_is_no_book_is_refused_with_its_place(text, place, words, code):
    finding = only(text)
    assert finding.startswith(f"b.yaml:{place}: error: ")
    assert words in finding
    assert finding.endswith(f"[{code}]")


def test_aliases_that_multiply_are_stopped_before_they_fill_the_memory():
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    assert "more than 50,000 values" in only(bomb)


def test_an_alias_repeats_what_it_stands_for():
    desk = load_book(
        DESK.replace("{ mon-fri: 08:00-20:00 }", "{ mon: &day 08:00-12:00, tue: *day }")
    ).desk_or_raise()
    assert set(desk.calendars["office"].weekly) == {0, 1}


def test_a_file_that_is_not_utf_8_is_named_with_the_place(tmp_path):
    book = tmp_path / "b.yaml"
    book.write_bytes((DESK + "about: caf\xe9\n").encode("latin-1"))
    (finding,) = load_book(book).findings
    assert (finding.line, finding.column, finding.code) == (5, 11, "encoding")


def test_a_missing_file_is_a_finding_not_a_crash(tmp_path):
    assert load_book(tmp_path / "none.yaml").findings[0].code == "file"


def test_a_book_may_be_written_as_json_with_tabs_and_escapes():
    text = json.dumps(
        {
            "deskbook": 1,
            "name": "Café \U0001f600",
            "zone": "UTC",
            "hours": {"s": {"mon": "08:00-20:00"}},
        },
        indent="\t",
    )
    assert load_book(text).desk_or_raise().title == "Café \U0001f600"


@pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t])
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(change):
    assert load_book(change(DESK)).desk == load_book(DESK).desk


def test_words_that_yaml_takes_for_truth_stay_words():
    desk = load_book(
        DESK + "categories: [no, yes, on, off]\nstages: { on: , off: { closed: on } }\n"
    ).desk_or_raise()
    assert list(desk.facets["category"].values) == ["no", "yes", "on", "off"]
    assert list(desk.stages) == ["on", "off"]
    assert desk.stages["off"].closed


def test_times_fractions_and_numbers_as_names_stay_what_was_written():
    text = (
        DESK
        + "severities: { 1: { default: yes }, 02: }\n"
        + "targets: [{ severity: 1, respond: 1/2 bd }, { severity: 02, respond: 1bd }]\n"
    )
    assert list(load_book(text).desk_or_raise().severities) == ["1", "02"]


def test_every_finding_is_told_at_once_in_the_order_of_the_lines():
    findings = said(
        "deskbook: 1\nname: X\nzone: Toronto\nhours: { s: { mon-fry: 08:00-20:00, tue: 08:00-25:00"
        " } }\nseverties: {}\ntargets: [{ severity: S1, respond: 2 buisness days }]\nstages: { a: {"
        " nex: desk } }\n"
    )
    assert [finding.split(": ")[0] for finding in findings] == [
        "b.yaml:3:7",
        "b.yaml:4:15",
        "b.yaml:4:42",
        "b.yaml:5:1",
        "b.yaml:6:23",
        "b.yaml:6:36",
        "b.yaml:7:16",
    ]
    for finding, meant in zip(
        findings,
        ["America/Toronto", "mon-fri", "24:00", "severities", "none", "2bd", "next"],
        strict=True,
    ):
        assert meant in finding


def test_a_text_with_a_comma_in_braces_is_not_cut_in_two_silently():
    finding = said(DESK + "stages: { a: , b: { means: Done, or given up., closed: yes } }\n")[0]
    assert "needs quotes" in finding


def test_a_missing_key_says_what_it_is_for():
    assert "write name: " in only(DESK.replace("name: Harbour\n", "")).lower()


def test_names_are_found_whatever_their_case():
    desk = load_book(DESK + "teams: [eGov]\nrouting: { first: EGOV }\n").desk_or_raise()
    assert desk.first_team == "egov"


def test_a_book_with_errors_gives_no_desk_and_says_why():
    with pytest.raises(WrongBook, match="did you mean 'name'"):
        load_book(DESK.replace("name:", "nam:")).desk_or_raise()


def test_a_calendar_may_stand_alone_with_its_own_closed_days(tmp_path):
    file = tmp_path / "calendar.yaml"
    file.write_text(
        "zone: Asia/Kolkata\nmon-sat: 09:00-18:00\nclosed: { second saturday: x, 2026-08-15: y }\n"
    )
    calendar = load_calendar(file)
    assert calendar.zone == "Asia/Kolkata"
    assert len(calendar.closures) == 2


@pytest.mark.parametrize("around", ["calendar", "hours"])
def test_a_calendar_may_stand_under_a_word(around):
    calendar = load_calendar(f"{around}:\n  zone: UTC\n  every day: 06:00-24:00\n")
    assert set(calendar.weekly) == set(range(7))


def test_a_calendar_alone_needs_its_zone():
    with pytest.raises(WrongBook, match="needs its zone"):
        load_calendar("mon: 08:00-20:00\ntue: 08:00-20:00\n")


def test_a_whole_book_gives_the_calendar_of_the_desk():
    assert load_calendar(DESK).zone == "America/Toronto"


def test_an_empty_value_before_a_comment_has_its_colon():
    assert said(DESK + "categories:\n  login:   # by mail, by phone\n  billing:\n") == []


@pytest.mark.parametrize(
    ("said", "meant"), [("24 bh", "24h"), ("8 business hours", "8h"), ("30 working minutes", "30m")]
)
def test_hours_of_business_are_open_time(said, meant):
    text = (
        "deskbook: 1\nname: H\nzone: UTC\nhours: { o: { mon-fri: 09:00-17:00 } }\n"
        f"targets: [{{ respond: {said} }}]\n"
    )
    assert f"Did you mean {meant!r}?" in load_book(text).findings[0].message


def test_neither_yes_nor_no_is_said_in_our_words():
    text = (
        "deskbook: 1\nname: H\nzone: UTC\nhours: { o: { mon-fri: 09:00-17:00 } }\n"
        "routing: { answering takes: maybe }\n"
    )
    assert "'maybe' is neither yes nor no" in load_book(text).findings[0].message
