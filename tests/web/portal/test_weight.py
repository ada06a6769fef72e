"""What a phone on a slow line has to fetch."""

import gzip
import re

import pytest
from django.contrib.staticfiles.finders import find

from deskbook.web.static_files import without_comments
from tests.web.portal.conftest import signed_in

KILOBYTES = 1000


def on_the_wire(client, address):
    """Return {what: bytes} of a first visit: the page and all it names, each as a web server
    compresses it.
    """
    answer = client.get(address, headers={"accept-encoding": "gzip"})
    html = gzip.decompress(answer.content).decode()
    weights = {"page": len(answer.content)}
    for name in set(re.findall(r'(?:src|href)="/static/([^"#]+)', html)):
        with open(find(name), "rb") as file:
            read = file.read()
        sent = without_comments(read) if name.endswith(".css") else read
        weights[name] = len(gzip.compress(sent, 6))
    return weights


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/desk/sparkrock/cases/new/", 25),
        ("/desk/sparkrock/cases/", 25),
        ("/desk/sparkrock/cases/{ticket}/", 25),
    ],
)
@pytest.mark.parametrize("language", ["en", "ml"])
def test_a_first_visit_stays_light(cast, address, most, language):
    client, ticket = signed_in(cast.chitra), cast.case()
    client.post("/language/", {"language": language})
    weights = on_the_wire(client, address.format(ticket=ticket))
    assert "css/portal.css" in weights
    assert sum(weights.values()) <= most * KILOBYTES
