"""Places of the demo's directories: districts and sites, provinces and villages."""

from collections.abc import Iterator

from deskbook.engine.desk import Desk
from deskbook.lives.sheets import VILLAGES
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk, Place

_KINDS = ("province", "district", "administrative post", "locality", "village")


def make_places(helpdesk: HelpDesk) -> None:
    """Fills the places of a desk: what its book lists as districts and sites, and the villages of a
    campaign.
    """
    desk = desk_in_force(helpdesk)
    rows = [*_listed(helpdesk, desk), *(_villages(helpdesk) if desk.freezes else ())]
    Place.objects.bulk_create({row.code: row for row in rows}.values())


def _listed(helpdesk: HelpDesk, desk: Desk) -> Iterator[Place]:
    for kind in ("district", "site"):
        facet = desk.facets.get(kind)
        for number, (key, title) in enumerate(facet.values.items() if facet else (), start=1):
            if facet and key != facet.default:
                yield Place(
                    desk=helpdesk, code=f"{kind[0].upper()}{number:02}", name=title, kind=kind
                )


def _villages(helpdesk: HelpDesk) -> Iterator[Place]:
    for path in VILLAGES:
        for depth, kind in enumerate(_KINDS, start=1):
            code, within = "/".join(path[:depth]), "/".join(path[: depth - 1])
            yield Place(
                desk=helpdesk, code=code[:64], name=path[depth - 1], kind=kind, within=within[:64]
            )
