"""What a scenario says of whom the desk asks: the form, a channel, and what tells people apart."""

from collections.abc import Mapping

from deskbook.book.words import fold
from deskbook.scenario.named import known
from deskbook.scenario.sentences import Instead, Said, Sentence
from deskbook.scenario.story import Story


def _listed(words: str) -> frozenset[str]:
    """Returns the names of "PEN, office and mobile"."""
    return frozenset(fold(word) for part in words.split(",") for word in part.split(" and "))


def _same(here: frozenset[str], said: str, titles: Mapping[str, str], otherwise: str) -> Instead:
    if here == _listed(said):
        return None
    return f"{otherwise}: {', '.join(titles[key] for key in titles if key in here) or 'nothing'}"


def _who_is_asked(story: Story, said: Said) -> Instead:
    facet = story.desk.facets[known(said.words["facet"], story.desk.facets, "facet")]
    asked = "requester" if said.words["who"] == "requester" else "desk"
    return None if facet.asked == asked else f"the {facet.asked} is asked for {facet.title}"


def _channel_asks(story: Story, said: Said) -> Instead:
    desk = story.desk
    channel = desk.channels[known(said.words["channel"], desk.channels, "channel")]
    titles = {key: field.title for key, field in desk.directory.items()}
    return _same(frozenset(channel.asks), said.words["fields"], titles, f"{channel.title} asks for")


def _tell_apart(story: Story, said: Said) -> Instead:
    fields = story.desk.directory
    telling = frozenset(key for key, field in fields.items() if field.identifies)
    titles = {key: field.title for key, field in fields.items()}
    return _same(telling, said.words["fields"], titles, "people are told apart by")


STEPS: tuple[Sentence[None], ...] = ()
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"the (?P<who>requester|desk) is asked for (?P<facet>.+)",
        "Who chooses a facet: the requester in the form, or the desk.",
        "the requester is asked for district",
        _who_is_asked,
    ),
    Sentence(
        r"the channel (?P<channel>.+) asks for (?P<fields>.+)",
        "What a requester states on a channel, all of it.",
        "the channel live chat asks for name, PEN and registered mobile",
        _channel_asks,
    ),
    Sentence(
        r"people are told apart by (?P<fields>.+)",
        "The fields of the directory that no two people share, all of them.",
        "people are told apart by PEN, registered mobile and official mail",
        _tell_apart,
    ),
)
