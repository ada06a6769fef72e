"""What letters must say: what `check` proves of it."""

import pytest

from deskbook.book.load import load_book

DESK = """\
deskbook: 1
name: Harbour
zone: Europe/Lisbon
hours: { office: { mon-fri: 09:00-18:00 } }
types: [licence, wish]
teams: [front]
targets:
  - { resolve: 10bd }
  - { type: wish, resolve: best effort }
stages:
  new:
  refused: { solved: yes, needs: [reason] }
  granted: { solved: yes }
  closed: { closed: yes }
rosters: [{ team: front, assign: least loaded }]
letters:
"""
SAID = "  - { for: acknowledgement, says: [number, solved by, officer], type: licence }\n"
WORDING = (
    "templates:\n  - {{ for: acknowledgement, by: {by}, language: en, id: ack, text: '{text}' }}\n"
)


def codes(text):
    return {finding.code for finding in load_book(text).findings} - {"no-people"}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{ for: acknowledgement, says: [number, solved by, officer], type: licence }", set()),
        ("{ for: acknowledgement }", {"letter-empty"}),
        ("{ for: acknowledgement, says: solved by }", {"letter-undated"}),
        ("{ for: acknowledgement, says: answer by }", {"letter-undated"}),
        ("{ for: answer, stage: granted, says: reason }", {"letter-reason"}),
        ("{ for: answer, stage: refused, says: reason }", set()),
        ("{ for: answer, stage: nowhere, says: number }", {"unknown-name"}),
    ],
)
def test_what_a_letter_is_to_say_is_known_by_then(line, found):
    assert codes(f"{DESK}  - {line}\n") == found


def test_an_acknowledgement_names_nobody_where_cases_are_taken_and_not_given():
    taken = DESK.replace("rosters: [{ team: front, assign: least loaded }]\n", "")
    assert codes(taken + SAID) == {"letter-officer"}
    assert codes(taken + SAID.replace("officer", "officer, team")) == set()


@pytest.mark.parametrize(
    ("by", "text", "found"),
    [
        ("sms", "{ticket} {solved_by} {officer}", set()),
        ("sms", "{ticket} {text}", {"letter-wording"}),  # a text message cuts what is filled in
        ("whatsapp", "{ticket}: {text}", set()),
        ("whatsapp", "{ticket} {solved_by}", {"letter-wording"}),
        ("sms", "{ticket} {solved_by} {officer} {stage}", {"template-variable"}),
    ],
)
def test_each_registered_wording_says_what_letters_must(by, text, found):
    assert codes(DESK + SAID + WORDING.format(by=by, text=text)) == found
