import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbook.channels.email.compose import marker_line
from deskbook.channels.email.html import html_to_text
from deskbook.channels.email.reply_text import new_text
from tests.channels.email.post import FIXTURES, fixture

ANSWERS = {
    "gmail-en": "It prints again, thank you.",
    "gmail-pt": "Já imprime, obrigada.",
    "gmail-hi": "अब ठीक है, धन्यवाद।",
    "gmail-ml": "ഇപ്പോൾ ശരിയായി, നന്ദി.",
    "gmail-or": "ଏବେ ଠିକ୍ ଅଛି, ଧନ୍ୟବାଦ।",
    "outlook-en-html-only": "It prints again.",
    "outlook-pt-plain": "Já imprime.",
    "outlook-original-message": "Done – it prints.",
    "apple-mail-iphone": (
        "It prints again and the long line of my answer is broken in the middle of a word."
    ),
    "yahoo-html": "It prints.",
    "thunderbird-flowed": (
        "The blue one on the second floor, beside the window that looks to the north."
    ),
}


@pytest.mark.parametrize(("name", "answer"), ANSWERS.items())
def test_only_the_answer_is_new(name, answer):
    assert new_text(fixture(name).text).new == answer


@pytest.mark.parametrize("name", ["gmail-en", "gmail-pt", "gmail-hi", "gmail-ml", "gmail-or"])
def test_the_answer_is_found_in_the_html_alone(name):
    read = fixture(name)
    assert new_text(html_to_text(read.html)).new == ANSWERS[name]


ATTRIBUTIONS = [
    "On Mon, Mar 2, 2026 at 9:58 AM Deskbook <info@desk.example> wrote:",
    "On 2 Mar 2026, at 09:58, Deskbook <info+t.spr-1.abc@desk.example> wrote:",
    "On Monday, 2 March 2026 at 09:58:00 am IST, Deskbook <info@desk.example> wrote:",
    "On 2 March 2026 09:58:00 IST, Deskbook <info@desk.example> wrote:",
    "On Mon, 2 Mar 2026 at 09:58, Deskbook <\ninfo+t.spr-1.abcdefghijklmnop@desk.example>\nwrote:",
    "Em seg., 2 de mar. de 2026 às 09:58, Deskbook <info@desk.example> escreveu:",
    "Em segunda-feira, 2 de março de 2026 às 09:58:00 BRT, Deskbook <info@desk.example> escreveu:",
    "No dia 02/03/2026, às 09:58, Deskbook <info@desk.example> escreveu:",
    "A segunda, 2/03/2026, 09:58, Deskbook <info@desk.example> escreveu:",
    "Às 09:58 de 02/03/2026, Deskbook escreveu:",
    "सोम, 2 मार्च 2026 को 9:58 am बजे को Deskbook <info@desk.example> ने लिखा:",
    "2 मार्च 2026 को 9:58 पूर्वाह्न पर, Deskbook <info@desk.example> ने लिखा:",
    "2 मार्च 2026 9:58:00 am IST को, Deskbook <info@desk.example> ने\nलिखा:",
    "2026, മാർച്ച് 2 തിങ്കളാഴ്‌ച 9:58 AM-ന്, Deskbook <info@desk.example> ഇപ്രകാരം എഴുതി:",
    "2026 മാർച്ച് 2-ന് 9:58-ന് Deskbook <info@desk.example> എഴുതി:",
    "ସୋମ, ମାର୍ଚ୍ଚ 2, 2026 ରେ 9:58 AM ରେ Deskbook <info@desk.example> ଲେଖିଛନ୍ତି:",
    "2 ମାର୍ଚ୍ଚ 2026, Deskbook <info@desk.example> ଲେଖିଲେ:",
    "Le lun. 2 mars 2026 à 09:58, Deskbook <info@desk.example> a écrit :",
    "Am Mo., 2. März 2026 um 09:58 Uhr schrieb Deskbook <info@desk.example>:",
    "Am 2. März 2026 09:58:00 MEZ schrieb Deskbook <info@desk.example>:",
    "El lun, 2 mar 2026 a las 09:58, Deskbook (<info@desk.example>) escribió:",
    "2026-03-02 9:58 GMT+05:30 Deskbook <info@desk.example>:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("sign", ["> ", ""])
def test_an_attribution_is_recognised_whether_or_not_the_quote_has_signs(attribution, sign):
    reply = new_text(f"Thank you.\n\n{attribution}\n\n{sign}Is it switched on?\n{sign}Bala\n")
    assert reply.new == "Thank you."
    assert "Is it switched on?" in reply.quoted


HEADER_BLOCKS = [
    (
        "From: Deskbook <info@desk.example>\nSent: Monday, 2 March 2026 09:58\nTo: Chitra\nSubject:"
        " Printer"
    ),
    (
        "*From:* Deskbook <info@desk.example>\n*Date:* Monday, 2 March 2026\n*To:* Chitra\n*Cc:*"
        " Dev\n*Subject:* Printer"
    ),
    (
        "De: Deskbook <info@desk.example>\nEnviada em: segunda-feira, 2 de março de 2026\nPara:"
        " Chitra\nAssunto: Impressora"
    ),
    "प्रेषक: Deskbook <info@desk.example>\nभेजा गया: 2 मार्च 2026\nप्रति: Chitra\nविषय: प्रिंटर",
    (
        "അയച്ചത്: Deskbook <info@desk.example>\nഅയച്ച തീയതി: 2026 മാർച്ച് 2\nസ്വീകർത്താവ്:"
        " Chitra\nവിഷയം: പ്രിന്റർ"
    ),
    ("ପ୍ରେରକ: Deskbook <info@desk.example>\nପଠାଯାଇଛି: 2 ମାର୍ଚ୍ଚ 2026\nପ୍ରାପକ: Chitra\nବିଷୟ: ପ୍ରିଣ୍ଟର"),
    (
        "Von: Deskbook <info@desk.example>\nGesendet: Montag, 2. März 2026\nAn: Chitra\nBetreff:"
        " Drucker"
    ),
    "De : Deskbook <info@desk.example>\nEnvoyé : lundi 2 mars 2026\nÀ : Chitra\nObjet : Imprimante",
]


@pytest.mark.parametrize("block", HEADER_BLOCKS)
@pytest.mark.parametrize(
    "above", ["", "________________________________\n", "-----Original Message-----\n"]
)
def test_an_outlook_block_begins_the_quote(block, above):
    reply = new_text(f"Thank you.\n\n{above}{block}\n\nIs it switched on?\n")
    assert reply.new == "Thank you."


@pytest.mark.parametrize("language", ["en", "pt", "hi", "ml", "or"])
def test_our_own_line_cuts_even_where_nothing_else_is_recognised(language):
    reply = new_text(f"Thank you.\n\n{marker_line(language)}\n\nIs it switched on?\n")
    assert reply.new == "Thank you."


def test_a_marker_of_the_desk_cuts_too():
    assert new_text("Yes.\n\n~~ answer up here ~~\n\nold", marker="answer up here").new == "Yes."


def test_words_of_ours_are_known_again_without_any_sign():
    ours = "Dear Chitra,\nis the printer switched on?\nKind regards, Bala"
    reply = new_text(
        "It is.\n\nDear Chitra,\n\nis the printer\u00a0switched on?\nKind regards, Bala",
        quoted=[ours],
    )
    assert reply.new == "It is."


def test_answers_between_the_lines_stay_with_their_questions():
    text = (
        "See below.\n\nOn Mon, 2 Mar 2026 at 09:58, Deskbook <info@desk.example> wrote:\n"
        "> Which version?\n\n5.2\n\n> Which office?\n\nKannur\n\n> Regards\n> Bala\n"
    )
    reply = new_text(text)
    assert reply.new == "See below.\n\n> Which version?\n\n5.2\n\n> Which office?\n\nKannur"
    assert "> Bala" in reply.quoted


def test_an_answer_below_the_quote_is_found():
    text = (
        "On Mon, 2 Mar 2026 at 09:58, Deskbook <info@desk.example> wrote:\n> Which"
        " version?\n\n5.2\n"
    )
    assert new_text(text).new == "5.2"


@pytest.mark.parametrize(
    "signature",
    [
        "Sent from my iPhone",
        "Sent from my Samsung Galaxy smartphone.",
        "Get Outlook for Android<https://aka.ms/x>",
        "Enviado do meu iPhone",
        "Enviado a partir do Outlook para Android",
        "Obter o Outlook para iOS",
        "मेरे iPhone से भेजा गया",
        "എന്റെ iPhone-ൽ നിന്ന് അയച്ചത്",
        "ମୋର iPhone ରୁ ପଠାଯାଇଛି",
        "-- \nChitra\nTreasury",
    ],
)
def test_what_a_telephone_or_a_signature_adds_is_not_new(signature):
    reply = new_text(f"It prints.\n\n{signature}\n")
    assert reply.new == "It prints."
    assert reply.quoted == signature


@pytest.mark.parametrize("name", ["forward-gmail", "whatsapp-forward"])
def test_what_is_forwarded_is_meant_to_be_read(name):
    text = fixture(name).text
    assert new_text(text).new == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "On reflection the manual is what somebody wrote:\nturn it off",
        "De: nothing else follows here",
        "I wrote to 5 people and they said: no",
        "Print page 3 -- then stop",
    ],
)
def test_a_sentence_that_only_looks_like_a_quote_stays(text):
    assert new_text(text).new == text


def test_a_mail_that_is_all_quote_is_shown_whole():
    text = "> all of it\n> is quoted"
    assert (new_text(text).new, new_text(text).quoted) == (text, "")


_line = st.one_of(
    st.sampled_from(
        [
            *ATTRIBUTIONS,
            *HEADER_BLOCKS,
            "-- ",
            "> quoted",
            "Sent from my iPhone",
            "",
            "____________",
        ]
    ),
    st.text(max_size=40),
)


@given(st.lists(_line, max_size=15), st.lists(st.text(max_size=80), max_size=2))
def test_no_line_is_ever_lost(lines, known):
    text = "\n".join(lines)
    reply = new_text(text, quoted=known)
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    wanted = sorted(line for line in normal.split("\n") if line.strip())
    kept = sorted(line for line in f"{reply.new}\n{reply.quoted}".split("\n") if line.strip())
    assert kept == wanted


def test_no_line_of_the_fixtures_is_lost():
    for path in FIXTURES.glob("*.eml"):
        text = fixture(path.stem).text
        reply = new_text(text)
        kept = f"{reply.new}\n{reply.quoted}".splitlines()
        assert sorted(x for x in kept if x.strip()) == sorted(
            x for x in text.splitlines() if x.strip()
        )
