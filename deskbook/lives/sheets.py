"""Files people of a made-up life send: a form, a picture of the screen, a list of villages."""

import zlib
from random import Random
from struct import pack

from deskbook.engine.procedure_parts import Paper
from deskbook.lives.course import Sheet

VILLAGES = (
    ("Nampula", "Ribáuè", "Iapala", "Iapala Sede", "Namiconha"),
    ("Nampula", "Ribáuè", "Cunle", "Cunle Sede", "Mutiva"),
    ("Nampula", "Malema", "Mutuáli", "Mutuáli Sede", "Nataleia"),
    ("Nampula", "Malema", "Chihulo", "Chihulo Sede", "Nioce"),
    ("Nampula", "Monapo", "Itoculo", "Itoculo Sede", "Canacué"),
    ("Nampula", "Monapo", "Netia", "Netia Sede", "Muatuca"),
    ("Nampula", "Meconta", "Corrane", "Corrane Sede", "Mecua"),
    ("Nampula", "Meconta", "Namialo", "Namialo Sede", "Nacololo"),
)
_BAD = 0.2


def made(paper: Paper, rng: Random) -> Sheet:
    """Returns a file that is meant as the paper; one in five is not what is needed, and says why in
    `wrong`.
    """
    bad = rng.random() < _BAD
    if paper.columns:
        return Sheet(
            "aldeias.csv", "text/csv", _rows(paper, rng, bad=bad), paper.key, _short_row(bad)
        )
    if "picture" in paper.key:
        wrong = "The message cannot be read on it: please send the whole screen." if bad else ""
        return Sheet(
            f"screen-{rng.randrange(100, 999)}.png", "image/png", picture(rng), paper.key, wrong
        )
    name = paper.title.lower().replace(" ", "-")
    wrong = "The signature of the head of office is missing." if bad else ""
    return Sheet(f"{name}.pdf", "application/pdf", form(paper.title), paper.key, wrong)


def _short_row(bad: bool) -> str:
    return "Falta a localidade na linha 3. Por favor corrija e envie de novo." if bad else ""


def _rows(paper: Paper, rng: Random, *, bad: bool) -> bytes:
    chosen = [list(row) for row in rng.sample(VILLAGES, rng.randrange(3, 6))]
    if bad:
        chosen[1][-2] = ""
    lines = [[column.title for column in paper.columns], *chosen]
    return "\r\n".join(",".join(line) for line in lines).encode() + b"\r\n"


def picture(rng: Random, width: int = 240, height: int = 135) -> bytes:
    """Returns a small PNG: a window with a message in the middle."""
    grey, bar, box = (244, 245, 247), (rng.randrange(40, 90), 80, 140), (250, 226, 222)

    def colour(x: int, y: int) -> tuple[int, int, int]:
        if y < 14:
            return bar
        return box if 50 < x < 190 and 48 < y < 88 else grey

    rows = b"".join(
        b"\0" + bytes(c for x in range(width) for c in colour(x, y)) for y in range(height)
    )
    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def form(title: str) -> bytes:
    """Returns a PDF of one page with the title of the form on it."""
    shown = "".join(c for c in title if c.isascii() and c not in "()\\")
    text = f"BT /F1 20 Tf 60 760 Td ({shown}) Tj 0 -40 Td /F1 11 Tf (Made up.) Tj ET".encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1"
            b" 5 0 R>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        b"%sxref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0"
        b" R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            out,
            table,
            len(out),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
