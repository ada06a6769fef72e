"""One day of a campaign's desk: the help desk in Nampula, supervisors in the field, the makers far
away.

The book is Salama's own with the campaign of today, hours round the clock (so that the story can be
told at any time of day), English before Portuguese and an address for the makers.
"""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.mail_sink import words_of
from tests.stories.people_at_screens import days, in_words, number_in
from tests.stories.people_outside import letter, send
from tests.stories.running_desk import patiently

pytestmark = pytest.mark.browser

BOOK = (Path(__file__).parents[2] / "books/salama.yaml").read_text(encoding="utf-8")
TODAY = datetime.now(UTC)
START, END = TODAY - days(2), TODAY + days(6)
# Five days after the distribution the desk closes; the day after, held changes come back.
PICKED_UP = END + days(6)
L2, ZONE = "help desk", "Africa/Maputo"
SUPERVISOR = "celia@tete.example"
BALA, ASHA, KOFI = "bala@salama.example", "asha@salama.example", "kofi@salama.example"
JOANA, RAVI, MAKERS = "joana@salama.example", "ravi@makers.example", "l3@makers.example"


def book(**changed):
    """Return Salama's book for a campaign that is on now; `l1` replaces the beginning of the line
    of level 1.
    """
    swaps = {
        "languages: [pt, en]": "languages: [en, pt]",
        "start: 2023-08-07": f"start: {START:%Y-%m-%d}",
        "end of distribution: 2023-08-14": f"end of distribution: {END:%Y-%m-%d}",
        "every day: 06:00-24:00": "every day: 00:00-24:00",
        "every day: 09:30-03:30": "every day: 00:00-24:00",
        "name: eGov, Bangalore": f"name: eGov, Bangalore\n    mail: {MAKERS}",
        **changed,
    }
    text = BOOK
    for old, new in swaps.items():
        assert old in text, f"the book does not say “{old}” any more"
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def salama(story):
    with story("salama", book(), (BALA, "--name", "Bala", "--role", "lead")) as (desk, at_window):
        bala = at_window(BALA)
        bala.uploads(
            "agents",
            "name,mail,role,team",
            f"Asha,{ASHA},agent,{L2}",
            f"Kofi,{KOFI},agent,{L2}",
            f"Joana,{JOANA},agent,local support",
            f"Ravi,{RAVI},agent,eGov India",
        )
        now = datetime.now(UTC)
        bala.plans_shift(L2, "Asha", now - timedelta(hours=2), now + timedelta(hours=3), ZONE)
        yield desk, at_window


@pytest.fixture
def desk(salama):
    return salama[0]


@pytest.fixture
def at_window(salama):
    return salama[1]


@pytest.fixture
def asha(at_window):
    return at_window(ASHA)


REPORT = {
    "requester": SUPERVISOR,
    "name": "Célia",
    "text": "Two devices show a white screen after the sync.",
    "channel": "whatsapp",
    "facet_type": "incident",
    "facet_category": "technical query",
}


def mail_saying(desk, number, words):
    """Return the last mail to the supervisor about a ticket that has the words in it, once it is
    there.
    """
    return patiently(
        lambda: [m for m in desk.sink.mails(SUPERVISOR, Subject=number) if words in words_of(m)],
        words,
    )[-1]


def test_a_supervisors_report_is_logged_for_her_ticked_off_and_solved(desk, asha):
    number = asha.logs(**REPORT, subject="A white screen after the sync")
    asha.reads("Célia")
    page = asha.open(number)
    expect(page.locator("#timeline")).to_contain_text("Asha")
    kept = desk.select(
        "select c.name, u.name from deskbook_ticket t join deskbook_contact c on c.id ="
        " t.requester_id join deskbook_logentry l on l.ticket_id = t.id and l.seq = 1 join"
        " deskbook_agent a on a.id::text = l.data->>'recorded_by' join deskbook_user u on u.id ="
        " a.user_id where t.subject = 'A white screen after the sync'"
    )
    assert kept == [("Célia", "Asha")]
    told = patiently(
        lambda: desk.sink.mails(SUPERVISOR, Subject=number), "what the supervisor is told"
    )[-1]
    assert number_in(told["Subject"]) == number
    asha.ticks(number, "Note app version")
    expect(page.locator("#steps")).to_contain_text("1/3")
    page = asha.act(number, "stage", "Move", stage="resolved")
    asha.reads("Try again with the reporter")
    expect(page.locator("#fact-stage [role=alert]")).to_contain_text("Try again with the reporter")
    asha.ticks(number, "Try again with the reporter")
    expect(page.locator("#steps")).to_contain_text("2/3")
    asha.act(number, "stage", "Move", stage="resolved")
    expect(page.locator("#head")).to_contain_text("resolved", ignore_case=True)


def test_what_the_help_desk_cannot_solve_goes_to_the_makers_by_mail_and_comes_back(
    desk, asha, at_window
):
    number = asha.logs(**REPORT, subject="The sync fails everywhere")
    page = asha.act(
        number,
        "passing",
        "Pass on",
        team="egov india",
        channel="whatsapp",
        reason="It fails on every device",
    )
    line = next(
        n for n, text in enumerate(book().splitlines(), start=1) if "{ from: L2, to: L3" in text
    )
    expect(page.locator("#fact-passing [role=alert]")).to_contain_text(f"line {line} of the book")
    asha.act(
        number,
        "passing",
        "Pass on",
        team="egov india",
        channel="email",
        reason="It fails on every device",
    )
    asha.reads("Passed on.")
    patiently(lambda: desk.sink.mails(MAKERS, Subject=number), "the mail to the makers")
    ravi = at_window(RAVI)
    ravi.reads("It fails on every device", number)
    ravi.writes(number, "A setting of the server, put right", act="note")
    ravi.act(
        number,
        "passing",
        "Pass on",
        team="help desk",
        channel="email",
        reason="Sync once more, please",
    )
    ravi.reads("Passed on.")
    asha.reads("Sync once more, please", number)
    expect(page.locator("#fact-assignment")).to_contain_text("Help desk, Nampula")
    hops = desk.select(
        "select data->>'team', data->>'channel' from deskbook_logentry l join deskbook_ticket t on"
        " t.id = l.ticket_id where t.subject = 'The sync fails everywhere' and l.kind ="
        " 'TeamArrived' order by l.seq"
    )
    assert hops == [("help desk", None), ("egov india", "email"), ("help desk", "email")]


def test_what_is_the_programmes_is_redirected_and_counted_apart(desk, asha):
    number = asha.logs(
        **{**REPORT, "text": "No drugs are left in the store."}, subject="The store is empty"
    )
    given = {"to": "nmcp officials", "channel": "phone", "words": "The programme will call you."}
    page = asha.act(number, "redirect", "Redirect", **given)
    asha.reads("Give a reference")
    asha.act(number, "redirect", "Redirect", **given, reference="Call 4711, provincial focal point")
    asha.reads("Redirected.")
    expect(page.locator("#head")).to_contain_text("redirected", ignore_case=True)
    expect(page.locator("#timeline")).to_contain_text("Call 4711")
    assert "The programme will call you." in words_of(mail_saying(desk, number, "4711"))
    expect(asha.open("/console/?queue=redirected").locator("main")).to_contain_text(
        "The store is empty"
    )
    expect(asha.open("/console/?queue=closed").locator("body")).not_to_contain_text(
        "The store is empty"
    )


def test_a_wish_is_held_by_the_freeze_with_the_day_it_is_picked_up(asha):
    wish = {
        **REPORT,
        "facet_type": "change request",
        "text": "A button to copy the last household.",
    }
    number = asha.logs(**wish, subject="Copy the last household")
    day = PICKED_UP.astimezone(UTC)
    expect(asha.page.locator(".banner", has_text="Held by")).to_contain_text(in_words(day))
    page = asha.open("/console/freeze/")
    row = page.locator("tr", has_text=number)
    expect(row).to_contain_text(in_words(day))
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    lines = list(csv.reader(StringIO(Path(taken.value.path()).read_text(encoding="utf-8-sig"))))
    (held,) = [line for line in lines if number in line]
    assert in_words(day) in held[-1]


def test_what_nobody_of_level_one_takes_is_handed_up_by_itself(desk, asha):
    try:
        desk.apply(
            "salama",
            book(**{"L1: { name: L1 – Local": "L1: { hands up after: 5s, name: L1 – Local"}),
        )
        worker = {
            **REPORT,
            "facet_reporter": "field worker",
            "requester": "+258 84 123 4567",
            "name": "Tomás",
        }
        number = asha.logs(**worker, subject="How do I sync?")
        asha.reads("How do I sync?", number)
        expect(asha.page.locator("#fact-assignment")).to_contain_text("Help desk, Nampula")
    finally:
        desk.apply("salama", book())
    hops = desk.select(
        "select data->>'team', data->>'cause' from deskbook_logentry l join deskbook_ticket t on"
        " t.id = l.ticket_id where t.subject = 'How do I sync?' and l.kind = 'TeamArrived' order by"
        " l.seq"
    )
    assert [team for team, _ in hops] == ["local support", "help desk"]
    assert hops[1][1] == "escalation"


def test_level_one_passes_on_by_whatsapp_what_it_cannot_answer(asha, at_window):
    worker = {
        **REPORT,
        "facet_reporter": "field worker",
        "requester": "+258 84 765 4321",
        "name": "Inês",
    }
    joana = at_window(JOANA)
    number = joana.logs(**worker, subject="The list of households is gone")
    expect(joana.page.locator("#fact-assignment")).to_contain_text("Local Monitors")
    joana.act(
        number,
        "passing",
        "Pass on",
        team="help desk",
        channel="whatsapp",
        reason="Beyond what I know",
    )
    joana.reads("Passed on.")
    asha.reads("Beyond what I know", number)


def village_list(*rows):
    return "\n".join(
        ["Província,Distrito,Posto Administrativo,Localidade,Aldeia", *rows, ""]
    ).encode()


WRONG = village_list("Tete,Changara,Luenha,Luenha,Cachembe", "Tete,Changara,Luenha,Luenha,")
RIGHT = WRONG.replace(b"Luenha,\n", b"Luenha,Nhamadzi\n")


def takes_for_paper(window, number):
    """Mark the last file of the ticket as the paper it needs; return the paper's place on the page,
    open.
    """
    for press in (True, False):
        paper = window.open(number).locator("#papers details.paper")
        paper.locator("summary").click()
        if press:
            paper.locator("select").select_option(index=1)
            paper.get_by_role("button", name="Received").click()
            window.reads("Received.")
    return paper


def test_a_wrong_row_of_the_village_list_is_told_by_its_line(desk, asha, at_window):
    change = {**REPORT, "facet_type": "service request", "facet_category": "data or content"}
    number = asha.logs(**change, subject="New villages")
    told = patiently(
        lambda: desk.sink.mails(SUPERVISOR, Subject=number), "what the supervisor is told"
    )[-1]
    answer = {"to": "salama@helpdesk.example", "answers": told, "files": [("aldeias.csv", WRONG)]}
    send(desk, letter(SUPERVISOR, "Re: villages", "Here it is.", **answer), SUPERVISOR)
    patiently(lambda: "aldeias.csv" in asha.open(number).content(), "the list on the ticket")
    paper = takes_for_paper(asha, number)
    expect(paper).to_contain_text("1 of 2 rows are wrong.")
    expect(paper.locator("textarea")).to_have_value("Line 3: Aldeia is empty.")
    paper.get_by_role("button", name="Send back").click()
    asha.reads("Sent back.")
    assert "Aldeia" in words_of(mail_saying(desk, number, "Line 3"))
    celia = at_window(SUPERVISOR)
    sends_paper(celia, number, WRONG)
    celia.reads("Line 3")
    sends_paper(celia, number, RIGHT)
    celia.reads("Sent. We have it.")
    asha.reads("2 rows, all as the book wants them.", number)


def sends_paper(window, number, content):
    form = window.open(f"/desk/salama/cases/{number}/").locator(
        "section[aria-labelledby=papers] form"
    )
    form.locator("input[type=file]").set_input_files(
        {"name": "aldeias.csv", "mimeType": "text/csv", "buffer": content}
    )
    form.locator("button").click()


def test_who_is_off_duty_ticks_nothing(asha, at_window):
    number = asha.logs(**REPORT, subject="Who ticks?")
    kofi = at_window(KOFI)
    page = kofi.ticks(number, "Note app version")
    expect(page.locator("#steps [role=alert]")).to_contain_text(
        "You are not on shift for this team now"
    )
    expect(page.locator("#steps")).to_contain_text("0/3")


LOOK = (
    "from datetime import UTC, datetime\n"
    "from deskbook.server.processes import desk\n"
    "with desk():\n"
    "    from deskbook.jobs.rosters import announce_gaps\n"
    "    announce_gaps(at=datetime.now(UTC))\n"
)


def test_a_gap_in_the_roster_is_announced_to_the_lead(desk, at_window):
    page = at_window(BALA).open("/console/roster/?team=help+desk")
    expect(page.locator("tr.gaps .gap").first).to_contain_text("0 of 1")
    desk.run_python(LOOK)  # what the worker does every hour, seven minutes past
    told = patiently(
        lambda: desk.sink.mails(BALA, Subject="Gap in the roster: Help desk, Nampula"), "the gap"
    )[-1]
    assert "0 of 1 people" in words_of(told)
