"""The campaign's desk in Portuguese: requesters and agents read the book in their language."""

from email import message_from_bytes, policy

import pytest
from django.test import Client
from django.utils import timezone, translation

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.letters import tell_of_severity
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.procedure import ask_for_papers
from deskbook.tickets.stages import move_ticket, verify_severity
from tests.campaign import running_campaign
from tests.people_factory import make_agent, make_contact
from tests.web.portal.conftest import give_sign_in, signed_in


@pytest.fixture
def salama(db):
    return running_campaign(timezone.now())


@pytest.fixture
def gita(salama):
    """A field worker who reads Portuguese."""
    gita = make_contact(salama, "Gita")
    gita.language = "pt"
    gita.save()
    give_sign_in(gita)
    gita.user.language = "pt"
    gita.user.save()
    return gita


@pytest.fixture
def joana(salama):
    """An agent who reads Portuguese."""
    joana = make_agent(salama, "Joana", teams=("help desk",))
    joana.user.language = "pt"
    joana.user.save()
    return joana


@pytest.fixture
def case(gita):
    facets = {"type": "service request", "category": "data or content", "reporter": "field worker"}
    case = NewCase("Aldeia em falta", Written("Falta uma."), "portal", facets=facets)
    return open_ticket(gita, case, at=timezone.now(), by=gita).ticket


def read(who, address):
    answer = signed_in(who).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_requester_reads_stage_and_severity_of_their_case_in_portuguese(gita, case):
    shown = read(gita, f"/desk/salama/cases/{case}/")
    assert "Novo" in shown
    assert "Normal" in shown
    assert "Logged; nobody" not in shown


def test_a_requester_is_asked_in_portuguese(gita):
    form = read(gita, "/desk/salama/cases/new/")
    for words in ("Crítica", "As operações da campanha", "Quem comunica"):
        assert words in form
    for words in ("Campaign operations", "Administrative area", "Who reports"):
        assert words not in form


def test_anybody_reads_about_the_desk_in_portuguese(salama):
    about = Client(headers={"accept-language": "pt"}).get("/desk/salama/about/").content.decode()
    for words in (
        "Recebe, regista",
        "Horário do nível 2",
        "Telefone",
        "Centro de apoio, Nampula",
        "Supervisor distrital",
        "Responsáveis do PNCM",
        "Falta de medicamentos",
        "Pessoal provincial",
    ):
        assert words in about
    assert "Staffing the help desk" not in about


def test_who_chose_no_portuguese_reads_the_books_own_words(salama):
    about = Client(headers={"accept-language": "en"}).get("/desk/salama/about/").content.decode()
    assert "Staffing the help desk" in about
    assert "Horário" not in about


def test_a_letter_names_the_severity_in_the_language_of_the_requester(joana, case):
    done = verify_severity(case, "critical", reason="Parado.", at=timezone.now(), by=joana)
    tell_of_severity(done.entries[0].pk)
    [letter] = OutboundMail.objects.filter(purpose="severity")
    text = message_from_bytes(bytes(letter.raw), policy=policy.default).get_body(("plain",))
    assert "Crítica" in text.get_content()
    assert "Critical" not in text.get_content()


def test_what_is_refused_is_told_with_the_stage_in_the_language_of_who_tried(joana, case):
    with translation.override("pt"):
        with pytest.raises(Refused) as refused:
            move_ticket(case, "resolved", at=timezone.now(), by=joana)
        said = in_words(refused.value)
    assert "Resolvido" in said
    assert "“Comparar com os dados de base na plataforma”" in said


def test_papers_are_asked_for_in_the_language_of_the_requester(joana, case):
    ask_for_papers(case, at=timezone.now(), by=joana)
    asked = case.messages.order_by("-pk")[0].text
    assert "– Lista de aldeias: Uma linha por aldeia" in asked


def test_an_agent_reads_lists_and_tickets_in_portuguese(joana, case):
    row = read(joana, "/console/?queue=open")
    assert "Novo" in row
    ticket = read(joana, f"/console/tickets/{case}")
    for words in (
        "Gravidade",
        "Normal",
        "Novo",
        "Comparar com os dados de base",
        "Lista de aldeias",
    ):
        assert words in ticket
    for words in ("Compare with the master data", "Village list", "In progress"):
        assert words not in ticket


def test_an_agent_beside_who_reads_english_sees_the_books_own_words(salama, joana, case):
    read(joana, f"/console/tickets/{case}")
    asha = make_agent(salama, "Asha")
    ticket = read(asha, f"/console/tickets/{case}")
    assert "Compare with the master data" in ticket
    assert "Comparar" not in ticket


def test_a_severity_with_a_word_for_a_key_is_called_by_its_title_alone(joana, case):
    verify_severity(case, "critical", reason="Parado.", at=timezone.now(), by=joana)
    ticket = read(joana, f"/console/tickets/{case}")
    assert "Crítica" in ticket
    assert "CRITICAL" not in ticket
