"""format=flowed (RFC 3676): soft line breaks joined again, so that quotes and paragraphs are whole
lines.
"""

from __future__ import annotations


def unflow(text: str, *, delsp: bool = False) -> str:
    """The text with its soft breaks joined. Quoted lines keep one `> ` per level; the signature
    line `-- ` is never joined.
    """
    out: list[list[str]] = []
    open_depth: int | None = None
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:]
        content = content[1:] if content.startswith(" ") else content
        signature = content == "-- "
        if open_depth == depth and not signature:
            out[-1].append(content)
        else:
            out.append([_quoted(depth, content)])
        soft = content.endswith(" ") and not signature
        if soft and delsp:
            out[-1][-1] = out[-1][-1][:-1]
        open_depth = depth if soft else None
    return "\n".join("".join(pieces) for pieces in out)


def _quoted(depth: int, content: str) -> str:
    return (">" * depth + " " if depth else "") + content
