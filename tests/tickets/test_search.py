"""Words are found as people write them, in every script the desks are written to in."""

import pytest

from deskbook.tickets.folding import searchable
from deskbook.tickets.intake import NewCase, open_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.queues import find
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk

pytestmark = pytest.mark.django_db

WRITTEN = [
    ("ମଷ୍ଟର ରୋଲ୍‌ରେ ନାମ ଦେଖାଯାଉନାହିଁ", ["ମଷ୍ଟର", "ରୋଲ୍‌ରେ", "ରୋଲ୍ରେ", "ଦେଖା", "ନାମ ମଷ୍ଟର"]),
    ("ନମସ୍କାର ମହାଶୟ", ["ନମସ୍କାର", "ନମସ୍"]),
    ("मस्टर रोल नहीं खुलता", ["मस्टर", "नहीं", "खुल"]),
    ("പ്രിന്റർ പ്രവർത്തിക്കുന്നില്ല", ["പ്രിന്റർ", "പ്രവർ"]),
    ("A impressão não sai", ["impressao", "NÃO", "impres"]),
    ("The report.pdf of ana.silva@camara.example is empty", ["report.pdf", "pdf", "silva", "ana.silva@camara.example"]),
    ("Version 2.10.3 at https://works.example/app/login?next=1", ["2.10.3", "works.example", "login", "/app/login"]),
    ("It's the well-known error E_CONN_17", ["it's", "well-known", "known", "E_CONN_17", "conn"]),
]


@pytest.mark.parametrize(("subject", "typed"), WRITTEN)
def test_a_case_is_found_by_any_word_of_it_in_its_own_script(db, subject, typed):
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    case = open_ticket(chitra, NewCase(subject, Written("Help."), "portal"), at=MONDAY, by=chitra).ticket
    other = open_ticket(chitra, NewCase("Other", Written("ନାମ नाम"), "portal"), at=MONDAY, by=chitra).ticket
    assert {words: list(find(asha, words)) for words in typed} == {words: [case] for words in typed}
    assert other not in find(asha, "Help")


def test_signs_are_no_words():
    assert searchable("& | ! : * ' () <-> \x00").split() == []
