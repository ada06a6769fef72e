"""What people of the desk read of a failure: what it is, and nothing that is nobody's to read."""

import pytest
from django.db import IntegrityError

from deskbook.jobs.alone import Failed
from deskbook.tickets.faults import in_short


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (KeyError("stage"), "KeyError: 'stage'"),
        (ValueError(), "ValueError"),
        (
            OSError("no route to smtps://desk:hunter2@mail.example:465"),
            "no route to smtps://desk:…@mail.example",
        ),
        (
            OSError("GET https://api.example/v1?token=abc&to=9 failed"),
            "https://api.example/v1?… failed",
        ),
        (ValueError("Authorization: Bearer eyJhbGciOi.x.y"), "ValueError: Authorization: "),
        (ValueError("password='hunter2', user=desk"), "password='…', user=desk"),
        (ValueError("4f9a2b6c8d0e1f2a3b4c5d6e7f8091a2 is no key"), "ValueError: … is no key"),
        (
            IntegrityError(
                'null value in column "at"\nDETAIL: Failing row contains (7,'
                " chitra@customer.example)."
            ),
            'IntegrityError: null value in column "at"',
        ),
        (
            Failed("Traceback (most recent call last):\n  x\nKeyError: 'stage'\n"),
            "KeyError: 'stage'",
        ),
    ],
)
def test_a_failure_is_told_in_one_line_without_secrets(failure, said):
    told = in_short(failure)
    assert said in told
    assert not any(
        secret in told for secret in ("hunter2", "abc", "eyJ", "4f9a", "chitra@", "Traceback")
    )


def test_however_much_a_failure_says_a_line_of_it_is_kept():
    assert len(in_short(ValueError("x " * 5_000))) == 300
