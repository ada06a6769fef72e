"""Writing to somebody outside from a ticket: a thread of its own on the page, folded."""

import re
from email import message_from_bytes
from email.policy import default
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.jobs.letters import carry_aside
from deskbook.people.merging import merge_contacts
from deskbook.tickets.conversation import take_in_outsider_message
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Draft, LogEntry, Message
from deskbook.tickets.state import state_of
from tests.people_factory import make_contact
from tests.screens import one_line


@pytest.fixture
def write(console, at_ticket):
    def written(to, text="Can you look at **4711**?", **more):
        typed = {"to": to, "text": text, "client_key": uuid4().hex, **more}
        return console.post(at_ticket("aside"), typed)

    return written


def test_a_thread_of_its_own_stands_folded_on_the_ticket(console, at_ticket, case, write):
    assert write("treasury@state.example").status_code == 302
    assert write("treasury@state.example", "And by when?").status_code == 302

    page = one_line(console.get(at_ticket()).content.decode())
    thread = page.split('class="folded aside"')[1].split("</details> </li>")[0]
    assert "Beside the case, with treasury@state.example: 2 messages, the last by Asha" in thread
    assert "<strong>4711</strong>" in thread
    assert "And by when?" in thread
    assert page.count("4711") == 1
    assert LogEntry.objects.filter(ticket=case, kind="WroteAside").count() == 2


def test_who_takes_part_is_not_written_to_aside_and_what_was_typed_stays(case, write, chitra):
    answer = write(chitra.identities.get(channel="email").identifier)

    page = one_line(answer.content.decode())
    assert answer.status_code in (409, 422)
    assert "reads this case" in page
    assert "Can you look at **4711**?" in page
    assert not Message.objects.filter(kind="aside").exists()


def test_sent_twice_it_is_written_once(case, write):
    for _time in range(2):
        write("treasury@state.example", client_key="same")
    assert Message.objects.filter(kind="aside").count() == 1


def a_list():
    return SimpleUploadedFile("list.csv", b"4711,broken\n", "text/csv")


def test_files_go_along_with_what_is_written_beside_a_case(console, at_ticket, write):
    assert 'enctype="multipart/form-data"' in form_of(console, at_ticket)
    assert write("treasury@state.example", files=a_list()).status_code == 302

    said = Message.objects.get(kind="aside")
    [file] = said.attachments.all()
    assert (file.name, bytes(file.blob.data)) == ("list.csv", b"4711,broken\n")
    carry_aside(LogEntry.objects.get(kind="WroteAside").pk)
    mail = message_from_bytes(bytes(OutboundMail.objects.get().raw), policy=default)
    assert [one.get_filename() for one in mail.iter_attachments()] == ["list.csv"]
    assert "list.csv" in console.get(at_ticket()).content.decode()


def test_a_file_waits_while_to_whom_is_corrected_and_goes_along_once(write, chitra):
    refused = write(chitra.identities.get(channel="email").identifier, files=a_list())
    page = refused.content.decode()
    assert "Kept from before" in page
    kept = re.search(r'name="kept" value="(\w+)"', one_line(page))[1]

    assert write("treasury@state.example", kept=kept).status_code == 302

    [file] = Message.objects.get(kind="aside").attachments.all()
    assert file.name == "list.csv"
    assert not Draft.objects.filter(place__startswith="aside").exists()


def form_of(console, at_ticket):
    page = one_line(console.get(at_ticket()).content.decode())
    return page.split('id="fact-aside"')[1].split("</details>")[0]


def test_a_colleague_of_the_requester_is_of_the_case(desk, case, write):
    colleague = make_contact(desk, "Farah", organisation=case.organisation)
    write(colleague.identities.get(channel="email").identifier)
    assert not Message.objects.filter(kind="aside").exists()


def wrote_from_outside(case, contact, *, aside=False):
    words = Written(f"From {contact.pk}.")
    at = timezone.now()
    take_in_outsider_message(case, words, channel="email", aside=aside, at=at, by=contact)


def test_two_people_of_one_name_have_a_thread_each_and_one_person_has_one(
    desk, asha, console, at_ticket, case, write
):
    first, second = (make_contact(desk, name) for name in ("Treasury", "Treasury East"))
    type(second).objects.filter(pk=second.pk).update(name="Treasury")
    for one in (first, second):
        wrote_from_outside(case, one, aside=True)
    assert console.get(at_ticket()).content.decode().count('class="folded aside"') == 2

    merge_contacts(second, first, at=timezone.now(), by=asha)

    assert console.get(at_ticket()).content.decode().count('class="folded aside"') == 1


def test_writing_to_one_leaves_the_mark_that_another_wrote(desk, case, write):
    first, second = (make_contact(desk, name) for name in ("Treasury", "Works"))
    for one in (first, second):
        wrote_from_outside(case, one)

    for one, is_marked in ((first, True), (second, False)):
        write(one.identities.get(channel="email").identifier)
        case.refresh_from_db()
        assert (state_of(case).outsider_wrote_at is not None) is is_marked


def test_a_suppliers_answer_marks_the_case_until_they_are_written_to_again(desk, case, write):
    supplier = make_contact(desk, "Treasury")
    write(supplier.identities.get(channel="email").identifier)
    wrote_from_outside(case, supplier, aside=True)
    case.refresh_from_db()
    assert state_of(case).outsider_wrote_at is not None

    write(supplier.identities.get(channel="email").identifier, "Thanks.")

    case.refresh_from_db()
    assert state_of(case).outsider_wrote_at is None
