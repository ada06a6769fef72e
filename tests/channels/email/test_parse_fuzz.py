from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbook.channels.email.automatic import classify
from deskbook.channels.email.mail import Unparsable
from deskbook.channels.email.parse import parse
from deskbook.channels.email.reply_text import new_text
from deskbook.channels.email.thread import thread_keys
from deskbook.people.refusals import in_words
from tests.channels.email.post import FIXTURES, OURS, SIGNER

SAMPLES = [path.read_bytes() for path in sorted(FIXTURES.glob("*.eml"))]
PIECES = [
    *(
        b"\r\n",
        b"\n\n",
        b"--",
        b"--b\r\n",
        b"\x00",
        b"\xff\xfe",
        b"=?utf-8?b?",
        b"?=",
        b"=?x?q?=FF?=",
        b"<",
        b">",
        b"(" * 50,
    ),
    *(
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: text/html; charset=utf-16\r\n\r\n",
        b"From: \r\n",
    ),
    *(
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\nM!!!\r\n",
        b"Date: ",
    ),
    *(
        b"Content-Disposition: attachment; filename*0*=''%; filename*99999999999999999999*=x\r\n",
        b"References: <<<@@>>>\r\n",
    ),
    *(
        b"Content-Type: text/plain; charset=hex\r\n\r\n",
        b"Content-Type: text/plain; charset=utf-7; format=flowed\r\n\r\n+2AA- > >\r\n",
    ),
    *(
        (
            b"Content-Type:"
            b" message/delivery-status\r\n\r\nFinal-Recipient:\r\nAction:\r\n\r\nFinal-Recipient:"
            b" ;\r\n"
        ),
        b"To: @,;:<\r\n",
    ),
]


def understand(raw: bytes) -> None:
    """All that a worker does with a mail before the database; only Unparsable may come of it, with
    a sentence.
    """
    try:
        mail = parse(raw)
    except Unparsable as refused:
        assert in_words(str(refused)).endswith(".")
        return
    classify(mail, ours=OURS)
    thread_keys(mail, SIGNER)
    new_text(mail.text)
    for text in (
        mail.subject,
        mail.text,
        mail.html or "",
        mail.from_.name,
        mail.from_.addr,
        *mail.defects,
    ):
        assert "\x00" not in text
        text.encode("utf-8")
    assert all(a.filename for a in mail.attachments)


@given(st.binary(max_size=600))
def test_no_bytes_crash_the_reader(raw):
    understand(raw)


@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=25).map(b"".join)
)
def test_no_mixture_of_hostile_pieces_crashes_the_reader(raw):
    understand(b"From: chitra@customer.example\r\n" + raw)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SAMPLES),
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 60),
            st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)),
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_no_damage_to_a_known_mail_crashes_the_reader(sample, damages):
    for place, removed, inserted in damages:
        at = int(place * len(sample))
        sample = sample[:at] + inserted + sample[at + removed :]
    understand(sample)
