"""Cases the book confines, asked for by the desk's own people who do not see them, at every address
of the console: nothing that was said of them is told.
"""

import re
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from deskbook.people.books import apply_book
from deskbook.tickets.models import Attachment, Message, Ticket
from tests.web.outsiders.conftest import ask
from tests.web.outsiders.table import lines
from tests.web.outsiders.whole_desk import BOOK

pytestmark = pytest.mark.django_db
OF_THE_DESK = ("agent", "lead", "owner")
LINES = [line for line in lines() if "o" in line.answers["owner"] and not line.by_link]
OF_A_TICKET = ("Ticket", "closed", "visited", "ended", "Message", "Attachment", "InboundMail")
OF_AGENTS = ("/console", "/files", "/messages", "/live")
WORDS = "Numbat"
"""What stands in all that was said of cases, and nowhere else."""
KEPT = ("LogEntry", "Token")
"""Tables that hold no words: nobody changes the log, and a token names a counter."""
CONFINED = BOOK.replace("login: {{", "login: {{ seen by: ombudsman@desk.example,")
HALVED = f"{BOOK}agents see: their teams\n"


def confine(desks, book):
    """Puts the book in force, sorts every case as what it confines, and marks their words."""
    home = desks.home
    text = book.format(key="home", site="hall", prefix="HOM")
    apply_book("home", text, at=timezone.now(), by=None)
    home.desk.refresh_from_db()
    of_home = Ticket.objects.filter(desk=home.desk)
    of_home.update(category="login", owner=None, team="workshop")
    mail = home.rows["InboundMail"]
    type(mail).objects.filter(pk=mail.pk).update(ticket=home.rows["Ticket"])
    for model in apps.get_app_config("deskbook").get_models():
        if model.__name__ not in KEPT and (model is Ticket or is_of_a_case(model)):
            mark_words(model)


def is_of_a_case(model):
    told = {one.related_model for one in model._meta.concrete_fields if one.is_relation}
    return bool(told & {Ticket, Message, Attachment})


def mark_words(model):
    texts = [
        one.column
        for one in model._meta.concrete_fields
        if isinstance(one, models.CharField | models.TextField) and not one.choices
    ]
    changes = ", ".join(f'"{name}" = replace("{name}", %s, %s)' for name in texts)
    with connection.cursor() as cursor:
        if texts:
            told = ["Quokka", WORDS] * len(texts)
            cursor.execute(f"update {model._meta.db_table} set {changes}", told)


@pytest.fixture
def confined(desks, book):
    with transaction.atomic():
        confine(desks, book)
        yield
        transaction.set_rollback(True)
    desks.home.desk.refresh_from_db()


def asked_of(desks, role):
    """Yield each address of the desk with the answers to GET, to a search of its words, and POST."""
    said = urlencode({"q": f"{WORDS[:-1]} said", "text": "x", "reason": "x", "requester": "1"})
    for line in LINES:
        if "o" in line.answers[role] and line.address.startswith(OF_AGENTS):
            address = line.at(desks.home)
            yield line, "GET", f"{address}?{said}&queue=open&show=waiting&list=gaps"
            yield line, "GET", f"{address}?queue=closed&show=came-back&what=new"
            yield line, "POST", address


@pytest.mark.usefixtures("confined")
@pytest.mark.parametrize(
    ("book", "role"),
    [
        *(pytest.param(CONFINED, role, id=f"confidential, {role}") for role in OF_THE_DESK),
        # Leads and owners see the cases of all teams.
        pytest.param(HALVED, "agent", id="teams' own, agent"),
    ],
)
def test_nobody_of_the_desk_is_told_the_words_of_a_case_confined_to_others(desks, clients, role):
    wrong, tried = {}, 0
    for line, method, address in asked_of(desks, role):
        answer, tried = ask(clients[role], method, address, said="text=x&to=1"), tried + 1
        about_it = set(line.things) & set(OF_A_TICKET)
        told = re.findall(rb"Numbat[^<]{0,40}", answer.body)
        if told or answer.status >= 500 or (about_it and answer.status == 200):
            wrong[f"{method} {address}"] = (answer.status, told[:2])
    assert tried > 300
    assert wrong == {}
