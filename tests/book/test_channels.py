"""Channels, sites, services, wordings and site visits, as an owner writes them."""

from pathlib import Path

import pytest

from deskbook.book.channel_proofs import sms_size
from deskbook.book.load import load_book
from deskbook.engine.channels import Channel, DirectoryField, Service, Site, SiteVisits, Template

BOOKS = Path(__file__).parents[2] / "books"
DESK = (
    "deskbook: 1\nname: X\nzone: Asia/Kolkata\nhours: { office: { mon-fri: 09:00-17:00 }, mornings:"
    " { mon-fri: 09:00-12:00 } }\nteams: { PMU: { people: { officer: } }, DMT: { people: { trainer:"
    " } } }\nrouting: { first: PMU }\ntypes: [question, on-site training]\n"
)
PEOPLE = "directory: { name: , PEN: { name: PEN, identifies: yes }, mobile: { identifies: yes } }\n"
VISITS = "channels: { visit: }\nservices: { salary: , forms: }\n"


def desk_of(more):
    return load_book(DESK + more).desk_or_raise()


def codes(more):
    return [finding.code for finding in load_book(DESK + more).findings]


def said(more):
    return [str(finding) for finding in load_book(DESK + more).findings]


def test_a_plain_list_of_channels_is_connected_by_its_words():
    desk = desk_of("channels: [email, live chat, WhatsApp, complaints module]\n")
    assert [(c.key, c.kind) for c in desk.channels.values()] == [
        ("email", "email"),
        ("live chat", "chat"),
        ("whatsapp", "whatsapp"),
        ("complaints module", "other"),
    ]


def test_a_book_without_channels_has_mail_and_the_portal():
    assert [channel.kind for channel in desk_of("").channels.values()] == ["email", "portal"]


def test_a_channel_says_when_it_is_open_what_it_asks_and_what_it_says_when_closed():
    desk = desk_of(
        PEOPLE
        + "channels:\n  email:\n  Help line: { by: chat, name: Help, hours: mornings, asks: [PEN,"
        " name], means: Quick., when closed: Write to us. }\n"
    )
    assert desk.channels["help line"] == Channel(
        "help line", "Help", "chat", "mornings", ("pen", "name"), "Quick.", "Write to us."
    )
    assert desk.channel_hours(desk.channels["help line"]) == desk.calendars["mornings"]
    assert desk.channel_hours(desk.channels["email"]) == desk.calendars["office"]


def test_what_a_channel_asks_may_stand_in_the_directory():
    desk = desk_of(
        "channels: [live chat]\ndirectory: { name: { asked by: live chat }, PEN: { name: The PEN,"
        " means: Number., required: yes, identifies: yes, asked by: Live Chat } }\n"
    )
    assert desk.channels["live chat"].asks == ("name", "pen")
    assert desk.directory["pen"] == DirectoryField(
        "pen", "The PEN", "Number.", identifies=True, required=True
    )


def test_what_a_channel_asks_may_stand_in_both_places_if_it_is_the_same():
    both = (
        "channels: {{ chat: {{ asks: [PEN] }} }}\ndirectory: {{ PEN: {{ identifies: yes, asked by:"
        " chat }}{} }}\n"
    )
    assert codes(both.format("")) == []
    assert said(both.format(", mobile: { asked by: chat }")) == [
        "book.yaml:9:66: error: 'chat' says what it asks, and 'mobile' is not among it: add it"
        " there, or delete this [two-answers]"
    ]
    elsewhere = (
        "channels: { chat: { asks: [PEN] }, phone: }\ndirectory: { PEN: { identifies: yes, asked"
        " by: phone } }\n"
    )
    assert "two-answers" in codes(elsewhere)


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ("channels: { phone: { hours: ofice } }\n", "unknown-name", "did you mean 'office'?"),
        (PEOPLE + "channels: { chat: { asks: [PIN] } }\n", "unknown-name", "did you mean 'PEN'?"),
        ("channels: { chat: { asks: [PEN] } }\n", "unknown-name", "there is none in this book"),
        ("channels: { help: { by: chatt } }\n", "unknown-word", "did you mean 'chat'?"),
        ("channels: { phone: { hour: office } }\n", "unknown-key", "did you mean 'hours'?"),
        ("channels: [{ email: office }]\n", "type", "keys and values"),
        ("channels: [e-mail]\n", "channel-word", "write `email: { name: e-mail }`"),
        ("channels: { desk: { by: portal } }\n", "channel-word", "write `portal: { name: desk }`"),
        ("channels: [e-mial]\n", "unconnected", "did you mean 'e-mail'?"),
        (
            PEOPLE + "channels: { chat: { asks: [name] } }\n",
            "no-identity",
            "tells two people apart",
        ),
        ("channels: [chat]\n", "no-identity", "asks nobody who they are"),
        (
            "channels: [visit]\n",
            "no-counters",
            "where nobody draws a token, the channel is `by: other`",
        ),
        (
            VISITS + "sites: { PMU: { team: PNU, counters: 1 } }\n",
            "unknown-name",
            "did you mean 'PMU'?",
        ),
        (
            VISITS + "sites: { PMU: { counters: 1, services: [salery] } }\n",
            "unknown-name",
            "did you mean 'salary'?",
        ),
        (
            VISITS + "sites: { PMU: { counters: 1, services: [salary] } }\n",
            "not-offered",
            "no site offers it",
        ),
        (
            VISITS + "sites: { A: { counters: 1 }, B: { services: forms } }\n",
            "no-counters",
            "write `counters` too",
        ),
        (VISITS + "sites: { PMU: { counters: 0 } }\n", "count", "1 to 99"),
        (VISITS + "sites: { PMU: { counters: 9999999999999999 } }\n", "count", "1 to 99"),
        (VISITS + "sites: { PMU: { counters: [A, a] } }\n", "counters", "where to go"),
        (VISITS + "sites: { PMU: { counters: { A: 1 } } }\n", "counters", "a list of names"),
        (
            "channels: [visit]\nsites: { PMU: { counters: 1 } }\n",
            "no-services",
            "name it under `services`",
        ),
        ("services: [salary]\nsites: { PMU: { counters: 1 } }\n", "no-walk-in", "by: walk-in"),
        (VISITS + "sites: [PMU]\n", "not-offered", "no site offers it"),
        ("services: { s: { type: qestion } }\n", "unknown-name", "did you mean 'question'?"),
        ("services: { s: { typ: question } }\n", "unknown-key", "did you mean 'type'?"),
        ("services: { s: { type: [question, on-site training] } }\n", "two-values", "name one"),
        ("services: { s: { in: { malayalam: x } } }\n", "language", "no language code"),
        (
            "site visits: [{ decided by: PMU, carried out by: DTM }]\n",
            "unknown-name",
            "did you mean 'DMT'?",
        ),
        ("site visits: [{ decided by: PMU }]\n", "missing", "carried out by"),
        (
            "site visits: [{ kind: x, decided by: PMU, carried out by: DMT }]\n",
            "unknown-key",
            "nor a facet",
        ),
        (
            "site visits: [{ type: visit, decided by: PMU, carried out by: DMT }]\n",
            "unknown-name",
            "on-site training",
        ),
    ],
)
def test_what_cannot_work_is_said_with_what_to_do(more, code, words):
    findings = [finding for finding in load_book(DESK + more).findings if finding.code == code]
    assert any(words in finding.message for finding in findings), said(more)
    assert all(finding.line > 1 for finding in findings)


def test_a_severity_only_by_a_channel_the_book_lacks_is_an_error():
    assert "did you mean 'phone'?" in " ".join(
        said("severities: { S1: { only by: fone, default: yes } }\nchannels: { phone: }\n")
    )


def test_a_site_has_its_counters_by_number_or_name_and_all_services_unless_it_names_its_own():
    desk = desk_of(
        VISITS
        + "sites: { A: { counters: 2, visitor hours: mornings }, B: { counters: [East, West], "
        "services: [forms], team: PMU, phone: 1 }, C: }\n"
    )
    assert desk.sites == {
        "a": Site("a", "A", hours="mornings", counters=("1", "2"), services=("salary", "forms")),
        "b": Site("b", "B", team="pmu", phone="1", counters=("East", "West"), services=("forms",)),
        "c": Site("c", "C"),
    }


def test_a_service_has_names_in_other_languages_and_sorts_what_comes_of_it():
    desk = desk_of(
        "services: { salary: { name: Salary matters, means: Pay., in: { ml: ശമ്പളം }, type:"
        " question } }\nchannels: [visit]\nsites: { PMU: { counters: 1 } }\n"
    )
    assert desk.services["salary"] == Service(
        "salary", "Salary matters", "Pay.", {"type": "question"}
    )
    assert desk.in_language("ml").services["salary"].title == "ശമ്പളം"


def template(text="Your request is {ticket}.", **more):
    given = {"for": "acknowledgement", "by": "sms", "language": "en", "text": f'"{text}"', **more}
    return (
        "templates:\n  - { " + ", ".join(f"{key}: {value}" for key, value in given.items()) + " }\n"
    )


def test_a_wording_is_kept_with_its_line_breaks_and_its_registration():
    desk = desk_of(template("Ticket {ticket}.\\n{desk}", id="1107160000000000001"))
    assert desk.templates == (
        Template("acknowledgement", "sms", "en", "Ticket {ticket}.\n{desk}", "1107160000000000001"),
    )
    assert desk.templates[0].variables == ("ticket", "desk")


@pytest.mark.parametrize(
    ("wording", "code", "words"),
    [
        (template("Your request is {tiket}."), "template-variable", "did you mean 'ticket'?"),
        (template("Your request is {0}."), "template-variable", "write one of ticket"),
        (template("Your request is {ticket!r}."), "template-variable", "did you mean 'ticket'?"),
        (template("Your request is {ticket."), "template-variable", "a brace stands alone"),
        (
            template("Your token is {token}."),
            "template-variable",
            "not known for 'acknowledgement'",
        ),
        (
            template("{code} for {ticket}", **{"for": "code"}),
            "template-variable",
            "not known for 'code'",
        ),
        (
            template("We come to {place}.", **{"for": "visit"}),
            "template-variable",
            "not known for 'visit'",
        ),
        (
            template("{code}", by="whatsapp", id="codigo", **{"for": "code"}),
            "unused-template",
            "goes by sms alone",
        ),
        (template("Your code.", **{"for": "code"}), "template-variable", "{code}: it is missing"),
        (
            template(**{"for": "acknowledgment"}),
            "unused-template",
            "did you mean 'acknowledgement'?",
        ),
        (template(by="whatsapp"), "template-name", "id: ticket_update"),
        (template(by="whatsapp", id="Ticket update"), "template-name", "a-z"),
        (template(by="pigeon"), "unknown-word", "sms"),
        (template(language="English"), "language", "no language code"),
        (template("x" * 480), "long-sms", "4 text messages"),
        (template() + template().removeprefix("templates:\n"), "same-template", "delete one"),
        (
            "languages: [en, ml]\n" + template(),
            "missing-language",
            "no wording in ml: people get en",
        ),
    ],
)
def test_a_wording_that_could_not_be_sent_is_found(wording, code, words):
    findings = [finding for finding in load_book(DESK + wording).findings if finding.code == code]
    assert any(words in finding.message for finding in findings), said(wording)


def test_a_text_message_in_malayalam_holds_less():
    assert sms_size(Template("token", "sms", "en", "a" * 160)) == (1, 160)
    assert sms_size(Template("token", "sms", "en", "a" * 161)) == (2, 161)
    assert sms_size(Template("token", "sms", "ml", "ക" * 71)) == (2, 71)
    assert sms_size(Template("token", "sms", "en", "{token}")) == (1, 40)


def test_a_visit_to_the_site_is_decided_by_one_team_and_made_by_another():
    desk = desk_of(
        "site visits:\n  - { type: on-site training, decided by: PMU, carried out by: DMT }\n"
    )
    assert desk.site_visits == (
        SiteVisits({"type": frozenset({"on-site training"})}, "pmu", "dmt", 9),
    )


def test_a_team_that_goes_has_people_and_every_line_is_reached():
    line = "{{ type: {}, decided by: PMU, carried out by: DMT }}"
    nobody = DESK.replace("DMT: { people: { trainer: } }", "DMT: ")
    assert "no-people" in [
        f.code for f in load_book(nobody + f"site visits: [{line.format('question')}]\n").findings
    ]
    assert "dead-rule" in codes(
        f"site visits: [{line.format('[question, on-site training]')}, {line.format('question')}]\n"
    )
