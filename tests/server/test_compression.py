"""Pages leave compressed: zstd where the browser takes it, else gzip, else as they are."""

import asyncio
import gzip
import sys

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from deskbook.server.compression import LENGTHS, compressed_pages

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "word " * 1000


def answer_to(accepted, page=PAGE, **headers):
    request = RequestFactory(headers={"accept-encoding": accepted}).get("/")
    return compressed_pages(lambda request: HttpResponse(page, headers=headers))(request)


@pytest.mark.parametrize("accepted", ["gzip, deflate, br, zstd", "zstd", "zstd,gzip;q=0.5"])
def test_a_browser_that_takes_zstd_gets_it(accepted):
    answer = answer_to(accepted)
    assert answer.headers["Content-Encoding"] == "zstd"
    assert zstd.decompress(answer.content).decode() == PAGE
    assert int(answer.headers["Content-Length"]) == len(answer.content) < 500
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["gzip, deflate", "gzip, zstd;q=0", "gzip, xzstd"])
def test_a_browser_without_it_gets_gzip(accepted):
    answer = answer_to(accepted)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).decode() == PAGE


def test_who_takes_neither_gets_the_page_as_it_is():
    answer = answer_to("")
    assert "Content-Encoding" not in answer.headers
    assert answer.content.decode() == PAGE
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_what_is_short_or_compressed_already_is_left_alone():
    assert answer_to("zstd", "word").content == b"word"
    assert answer_to("zstd", PAGE, **{"Content-Encoding": "br"}).content == PAGE.encode()


def test_the_same_page_has_many_lengths():
    paddings = {len(answer_to("zstd").headers["Padding"]) for _ in range(40)}
    assert len(paddings) > 5
    assert max(paddings) < LENGTHS


def test_the_tag_of_a_page_is_a_weak_one_of_its_bytes():
    assert answer_to("zstd", ETag='"abc"').headers["ETag"] == 'W/"abc"'


def test_a_stream_is_not_held_back_to_be_compressed():
    async def stream(request):
        return StreamingHttpResponse(iter([b"data: 1\n\n"]), content_type="text/event-stream")

    request = RequestFactory(headers={"accept-encoding": "zstd"}).get("/")
    answer = asyncio.run(compressed_pages(stream)(request))
    assert "Content-Encoding" not in answer.headers
    assert list(answer) == [b"data: 1\n\n"]
