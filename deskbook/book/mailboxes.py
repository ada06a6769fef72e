"""Books of several desks: no mail address may be of two of them."""

from collections.abc import Collection, Mapping
from pathlib import Path as File

from deskbook.book.document import read_document
from deskbook.book.findings import Finding, Level, Remark, Remarks
from deskbook.book.load import place_remarks, text_of
from deskbook.engine.addresses import normal_address


def shared_mailboxes(
    source: str | File,
    shown: str,
    mail: Collection[str],
    others: Mapping[str, Collection[str]],
    *,
    level: Level = "error",
) -> tuple[Finding, ...]:
    """Returns which of the addresses in a book (`mail`) another desk has, by the names of `others`
    → their addresses: a first mail names no case, so nobody could tell whose it is. `+detail` says
    nothing of that.
    """
    theirs = {_plain(one): name for name, addresses in others.items() for one in addresses}
    told = "mail to {} is for {} already: give each desk an address of its own"
    said = [
        Remark(
            ("mail", number),
            told.format(address, theirs[_plain(address)]),
            "shared-address",
            level,
        )
        for number, address in enumerate(mail)
        if _plain(address) in theirs
    ]
    return place_remarks(Remarks(said), read_document(text_of(source)), shown) if said else ()


def _plain(address: str) -> str:
    local, at, domain = normal_address(address).rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"
