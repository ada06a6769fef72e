"""A form or an upload whose line broke is refused as a whole: nothing half is stored, whoever takes
it.
"""

import socket
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deskbook.people.contacts import give_sign_in
from deskbook.server.whole_body import BrokeOff, WholeBody, taken_whole
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Blob, Draft, Message
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk

TOKEN = "a" * 32


def sent(user, path, fields, *, all_but=0, token_in="header"):
    """Return the status of a form of which the last `all_but` bytes never came."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    client.handler = cutting(client.handler, all_but)
    if token_in == "form":
        return client.post(path, {**fields, "csrfmiddlewaretoken": TOKEN}).status_code
    return client.post(path, fields, headers={"x-csrftoken": TOKEN}).status_code


def cutting(handler, all_but):
    """Return the handler as wsgi.py wraps it, behind a line that breaks."""
    whole = taken_whole(lambda environ, _start: handler(environ))

    def cut(environ):
        body = environ["wsgi.input"].read()
        return whole({**environ, "wsgi.input": BytesIO(body[: len(body) - all_but])}, None)

    return cut


def slip():
    return SimpleUploadedFile("slip.pdf", b"%PDF-1.4" + b"x" * 100_000, "application/pdf")


@pytest.fixture
def case(db):
    desk = make_desk()
    chitra = make_contact(desk, "Chitra")
    give_sign_in(chitra)
    return open_ticket(
        chitra, NewCase("Bill", Written("It rings."), "email"), at=timezone.now(), by=chitra
    ).ticket


@pytest.mark.parametrize("token_in", ["header", "form"])
@pytest.mark.parametrize("all_but", [60_000, 40])
def test_an_answer_whose_file_broke_off_is_no_answer_and_sent_again_it_is_one(
    case, token_in, all_but
):
    asha = make_agent(case.desk, "Asha", teams=("office",)).user
    path = f"/console/tickets/{case}/answer"
    told = Message.objects.count()
    form = {"text": "Here is the slip.", "client_key": "b" * 32}
    assert sent(asha, path, {**form, "files": slip()}, all_but=all_but, token_in=token_in) == 408
    assert (Message.objects.count(), Blob.objects.count()) == (told, 0)
    assert sent(asha, path, {**form, "files": slip()}, token_in=token_in) == 302
    assert Message.objects.filter(attachments__name="slip.pdf").exists()


def test_a_case_of_which_only_a_part_came_is_neither_opened_nor_kept_as_a_draft(case):
    form = {
        "subject": "The bank run",
        "text": "Totals differ.",
        "client_key": "c" * 32,
        "files": slip(),
    }
    path = f"/desk/{case.desk.key}/cases/new/"
    assert sent(case.requester.user, path, form, all_but=50_000) == 408
    assert (Message.objects.count(), Blob.objects.count(), Draft.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize("length", ["", "0", "many"])
def test_a_request_that_states_no_length_is_left_alone(length):
    read = taken_whole(lambda environ, _start: [environ["wsgi.input"].read()])
    assert read({"CONTENT_LENGTH": length, "wsgi.input": BytesIO(b"")}, None) == [b""]


def test_a_body_is_whole_to_its_last_byte_and_no_further():
    body = WholeBody(BytesIO(b"one\ntwo\nthe next request"), 8)
    assert (body.readline(), body.read(), body.read(), body.readline()) == (
        b"one\n",
        b"two\n",
        b"",
        b"",
    )
    with pytest.raises(BrokeOff, match="2 of 5 bytes did not come"):
        WholeBody(BytesIO(b"one"), 5).read()
    with pytest.raises(BrokeOff):
        WholeBody(BytesIO(b"one"), 5).readline()


@pytest.mark.browser  # needs the running server, as browser tests do
def test_the_running_server_tells_a_line_that_broke_in_an_upload_from_its_end(live_desk):
    with socket.create_connection(
        ("127.0.0.1", int(live_desk.rpartition(":")[2])), timeout=20
    ) as line:
        head = (
            "POST /language/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type:"
            " application/x-www-form-urlencoded\r\n"
        )
        line.sendall(f"{head}Cookie: {settings.CSRF_COOKIE_NAME}={TOKEN}\r\n".encode())
        line.sendall(
            f"X-CSRFToken: {TOKEN}\r\nContent-Length: 1000\r\n\r\nlanguage=ml&next=/".encode()
        )
        line.shutdown(socket.SHUT_WR)
        assert line.recv(12) == b"HTTP/1.1 408"
