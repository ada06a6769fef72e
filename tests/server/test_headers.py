import urllib.error
import urllib.request

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from deskbook.server.headers import POLICY, content_security_policy

REQUEST = RequestFactory().get("/")


def test_nothing_inline_and_nothing_from_elsewhere_may_run():
    answer = content_security_policy(lambda request: HttpResponse("page"))(REQUEST)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY


def test_an_answer_may_bring_a_stricter_policy():
    strict = {"Content-Security-Policy": "sandbox"}
    answer = content_security_policy(lambda request: HttpResponse("mail", headers=strict))(REQUEST)
    assert answer.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.django_db(transaction=True)
def test_the_running_server_answers_with_all_of_it(live_desk):
    with urllib.request.urlopen(f"{live_desk}/account/login/code/") as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db(transaction=True)
def test_what_a_form_sends_arrives(live_desk):
    sent = urllib.request.Request(
        f"{live_desk}/account/login/code/", data=b"email=" + b"x" * 200_000
    )
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        # The form's token is missing: it was read.
        urllib.request.urlopen(sent)
    refused.value.close()
