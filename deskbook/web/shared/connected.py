"""What each channel and bridge shows and answers on the web, as it declares in `web/declared.py` of
its folder: addresses, its screen for owners, its name and its mark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern
from django.utils.functional import Promise

from deskbook.channels.all import halves

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheWeb:
    """What is declared; all but the title may be left out."""

    title: Words
    word: str = ""
    """What books, messages and deliveries call the channel; a bridge has none."""
    icon: str = "link"
    """Of static/icons.svg: stands beside what left by it."""
    addresses: Sequence[URLPattern] = ()
    """Its screens, and the doors for the programs that call it."""
    settings: str = ""
    """Name of the address of the screen where an owner connects it."""
    means: Words = ""
    """What an owner gets by that, in a sentence."""


@cache
def on_the_web() -> tuple[OnTheWeb, ...]:
    """Returns what every folder declares, in the order of the list."""
    declared = tuple(half.DECLARED for half in halves("web.declared"))
    assert all(isinstance(one, OnTheWeb) for one in declared)
    return declared


@cache
def by_word() -> Mapping[str, OnTheWeb]:
    """Returns the channels among them by their word."""
    return {one.word: one for one in on_the_web() if one.word}
