"""That a stream ends when its screen goes."""

import asyncio

import pytest

from deskbook.web.live import _heard
from deskbook.web.streams import until_gone


async def left_as_it_is_told(turns: int) -> bool:
    """Have a screen told something and leave `turns` of the event loop later; return whether its
    stream ended.
    """
    told, gone = asyncio.Queue(), asyncio.Event()

    async def stream():
        async for _notice in _heard(told, None):
            pass

    async def receive():
        await gone.wait()
        return {"type": "http.disconnect"}

    answering = asyncio.ensure_future(until_gone(stream(), receive))
    await asyncio.sleep(0.01)
    gone.set()
    for _turn in range(turns):
        await asyncio.sleep(0)
    told.put_nowait({"entry": 1})
    ended, _running = await asyncio.wait([answering], timeout=0.5)
    answering.cancel()
    return bool(ended)


@pytest.mark.parametrize("turns", range(6))
def test_a_screen_that_goes_at_the_instant_it_is_told_something_leaves_no_stream_behind(turns):
    assert asyncio.run(left_as_it_is_told(turns))
