"""A mail that carries another: its requester reads what that one says where they read the rest, as
the desk does.
"""

from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.people.contacts import address_of
from deskbook.tickets.models import Attachment
from tests.web.portal.conftest import signed_in

FIRE = (
    "From: Joan <joan@customer.example>\nSubject: Fire\nDate: Sun, 1 Mar 2026 09:00:00"
    ' +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="i"\n\n--i\nContent-Type:'
    " text/html\n\n<p onclick='x()'><b>It burns.</b><script>x()</script><img"
    " src='https://tracker.example/1.png'><form action='/out'><input"
    " name='p'></form></p>\n--i\nContent-Type: text/plain; name=\"smoke.txt\"\nContent-Disposition:"
    ' attachment; filename="smoke.txt"\n\nGrey.\n--i--\n'
)


def mailed(cast, *, to="support@sparkrock.example"):
    head = (
        f"From: {address_of(cast.chitra)}\nTo: {to}\nSubject: See\nMessage-ID:"
        " <1@customer.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed;"
        ' boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee the file.\n'
    )
    carried = (
        "--b\nContent-Type: message/rfc822\nContent-Disposition: attachment;"
        f" filename=fire.eml\n\n{FIRE}\n--b--\n"
    )
    return receive(
        ingest((head + carried).encode(), to, envelope_from=address_of(cast.chitra))
    ).ticket


def test_a_requester_reads_the_mail_within_a_mail_with_its_files_and_nothing_of_it_runs(cast):
    ticket = mailed(cast)
    page = signed_in(cast.chitra).get(f"/desk/{cast.desk.key}/cases/{ticket}/").content.decode()
    carried = page[page.index('<details class="fold carried">') :]
    carried = carried[: carried.index("</details>")]
    assert "Attached mail: Fire" in carried and "Joan &lt;joan@customer.example&gt;" in carried
    assert "<b>It burns.</b>" in carried and "smoke.txt" in carried
    assert "smoke.txt" not in page.replace(carried, "")
    assert not any(
        said in carried for said in ("x()", ' src="https://tracker.example', "<form", "<input")
    )
    at_the_desk = signed_in(cast.asha).get(f"/console/tickets/{ticket}").content.decode()
    assert carried.partition("<p class")[2].partition("<p")[0] in at_the_desk


def test_the_file_in_it_is_theirs_who_may_read_the_case_and_nobody_elses(cast):
    mailed(cast)
    smoke = Attachment.objects.get(name="smoke.txt")
    assert signed_in(cast.chitra).get(f"/files/{smoke.pk}/smoke.txt").status_code == 200
    assert signed_in(cast.farah).get(f"/files/{smoke.pk}/smoke.txt").status_code == 404
