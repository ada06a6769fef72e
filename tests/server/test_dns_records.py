"""Whoever runs the server hears which record is missing for mail to come and to be believed."""

import socketserver
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from dns.resolver import Resolver

from deskbook.server.dns_records import findings, records

WELL = {
    ("desk.org", "MX"): ["10 mx.desk.org."],
    ("desk.org", "TXT"): ['"verify=1"', '"v=spf1 " "mx -all"'],
    ("d2026._domainkey.desk.org", "TXT"): ['"v=DKIM1; p=MIIB"'],
    ("_dmarc.desk.org", "TXT"): ['"v=DMARC1; p=none"'],
}


@pytest.fixture
def resolver():
    """A resolver that asks a DNS server of this machine, with the records it is given."""
    zone = {}

    class Answering(socketserver.BaseRequestHandler):
        def handle(self):
            said, line = self.request
            line.sendto(_answer(dns.message.from_wire(said), zone).to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asking = Resolver(configure=False)
        asking.nameservers, asking.port = ["127.0.0.1"], server.server_address[1]
        yield asking, zone
        server.shutdown()


def _answer(question, zone):
    asked = question.question[0]
    name, kind = asked.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(asked.rdtype)
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    if found := zone.get((name, kind)):
        answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *found))
    elif not any(f".{known}".endswith(f".{name}") for known, _ in zone):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer


def test_a_domain_with_all_its_records_is_well(resolver):
    asking, zone = resolver
    zone.update(WELL)
    assert list(findings({"desk.org"}, asking)) == []


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        (("desk.org", "MX"), "no MX record"),
        (("desk.org", "TXT"), "no SPF record"),
        (("d2026._domainkey.desk.org", "TXT"), "no DKIM key"),
        (("_dmarc.desk.org", "TXT"), "no DMARC record"),
    ],
)
def test_a_record_that_is_missing_is_named_with_what_to_add(resolver, missing, what):
    asking, zone = resolver
    zone.update({key: said for key, said in WELL.items() if key != missing})
    [found] = findings({"desk.org"}, asking)
    assert what in found.what and "mail.md" in found.do


def test_two_records_that_say_who_may_send_count_as_none(resolver):
    asking, zone = resolver
    zone.update(WELL | {("desk.org", "TXT"): ['"v=spf1 mx -all"', '"v=spf1 a -all"']})
    [found] = findings({"desk.org"}, asking)
    assert "2 SPF records, which count as none" in found.what


def test_where_nobody_answers_nothing_is_said_to_be_missing(resolver, monkeypatch):
    asking, _zone = resolver
    monkeypatch.setattr("deskbook.server.dns_records.PATIENCE_S", 0.5)
    asking.port = 1
    [found] = findings({"desk.org", "house.org"}, asking)
    assert not found.is_fault and "could not be asked" in found.what


@pytest.mark.django_db
def test_a_desk_that_is_tried_out_asks_nobody():
    from deskbook.config.environment import read

    assert list(records(read({"DESKBOOK_MAIL_FROM": "desk@harbour.localhost"}))) == []
