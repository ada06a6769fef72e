"""What the HTML of a letter shows of its text."""

import re
from dataclasses import replace

import pytest
from django.conf import settings

from deskbook.channels.contract import Surroundings
from deskbook.channels.email.compose import compose
from deskbook.channels.email.letter_html import OwnWords, letter_html
from deskbook.tickets.formatting import is_formatted, message_html
from tests.channels.email.post import SIGNER
from tests.channels.email.test_compose import LETTER

SITE = settings.DESKBOOK_SITE_URL
CASE = f"{SITE}/desk/spark/cases/SPK-1"
BELOW = f"\n\n--\nSPARK\nFollow it at {CASE}"
NEXT = "If you do not write, the case closes by itself: Mon 9 Mar, 17:00 IST."
AROUND = Surroundings("Asha", "Which <b>menu</b>?\nIn March.", (NEXT,))


def html(text, **more):
    return letter_html(text, desk="SPARK", subject="Bill", **more)


def answered(typed, **more):
    own = OwnWords(typed, message_html(typed) if is_formatted(typed) else "")
    return html(typed + BELOW, said=own, **more)


def test_an_answer_shows_who_wrote_it_what_it_answers_what_happens_next_and_one_way_to_the_case():
    answer = "Choose *Reports*.\n\nThen **print** it."
    shown = answered(answer, around=AROUND, marker="## Above ##")
    assert shown.count("background:#2c57cc;color:#ffffff;font-weight:600") == 1
    assert f'<a href="{CASE}" style="display:inline-block' in shown
    for part in ("Asha", NEXT, "You wrote:", "Which &lt;b&gt;menu&lt;/b&gt;?<br>"):
        assert part in shown
    assert "Choose <em>Reports</em>." in shown
    assert "<strong>print</strong>" in shown


def test_steps_typed_as_markdown_keep_their_styles_and_plain_ones_are_lines():
    assert '<li style="margin:0 0 4px">open it,</li>' in answered(
        "Please:\n\n1. open it,\n2. send it."
    )
    assert "Hello,<br>\nnot # a &lt;heading&gt;" in answered("Hello,\nnot # a <heading>")


def test_links_of_an_answer_lead_where_they_say():
    typed = "See https://docs.example/a_b?x=1&y=2. Or [the manual](https://m.example/a_b)."
    links = re.findall(r'href="([^"]*)"', answered(typed))
    assert links[:2] == ["https://docs.example/a_b?x=1&amp;y=2", "https://m.example/a_b"]


def test_how_they_rate_the_case_is_asked_by_one_button_an_answer():
    rating = f"How did we do?\nGood: {SITE}/r/t/?answer=good\nBad: {SITE}/r/t/?answer=bad"
    shown = html(f"It is closed.\n\n{rating}{BELOW}")
    assert re.findall(r'answer=(\w+)"[^>]*>(\w+)<', shown) == [("good", "Good"), ("bad", "Bad")]
    assert (
        "background:#2c57cc"
        not in html(f"Number: SPK-1\nFollow it at: {CASE}").partition("</table>")[2]
    )
    foreign = html("Choose:\nGood: https://far.example/x")
    assert ">https://far.example/x</a>" in foreign


def test_a_code_to_type_stands_large_and_alone():
    assert re.search(r"<p style=\"[^\"]*700 28px[^>]*>482 913</p>", html("Type:\n\n    482 913"))


@pytest.mark.parametrize("language", ["en", "pt", "hi", "ml", "or"])
def test_a_mail_asks_for_nothing_from_elsewhere_and_stays_small(language):
    letter = replace(LETTER, language=language, text="ക" * 500 + BELOW, around=AROUND)
    mail = compose(letter, SIGNER)
    body = mail.get_body(("html",)).get_content()
    assert not re.search(r"<(script|img|link|style|iframe)|\burl\(|\bsrc=", body)
    assert f'lang="{language}"' in body
    assert len(mail.get_body(("html",)).as_bytes()) < 12_000


def test_nothing_that_was_typed_gets_out_of_its_place():
    hostile = '"><script>x</script>'
    around = Surroundings(hostile, hostile, (hostile,))
    shown = letter_html(
        hostile, desk=hostile, subject=hostile, said=OwnWords(hostile), around=around
    )
    assert "<script" not in shown
