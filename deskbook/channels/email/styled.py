"""What is written to somebody, as HTML for a mail: its styles stand on each element, since programs
for mail read no sheet.
"""

import re
from html import escape

from markupsafe import Markup

from deskbook.tickets.formatting import ADDRESS

_CODE = "font:14px/1.5 ui-monospace,Menlo,Consolas,monospace"
QUOTE = "margin:12px 0;padding:2px 0 2px 12px;border-left:3px solid #8f9bb3;opacity:.8"
_STYLES = {
    "p": "margin:0 0 12px",
    "ul": "margin:0 0 12px;padding-left:24px",
    "ol": "margin:0 0 12px;padding-left:28px",
    "li": "margin:0 0 4px",
    "blockquote": QUOTE,
    "code": _CODE,
    "pre": f"{_CODE};white-space:pre-wrap",
    "a": "color:inherit",
}
_BEGUN = re.compile(rf"<({'|'.join(_STYLES)})(?=[ >])")


def styled(html: str) -> str:
    """Returns HTML that is safe to show, as an agent's Markdown is kept, with a style on each
    element.
    """
    return _BEGUN.sub(lambda found: f'{found[0]} style="{_STYLES[found[1]]}"', html)


def linked(words: str) -> Markup:
    """Returns plain words as HTML: each line a line, each address of a page a link."""
    out, at = list[str](), 0
    for link in ADDRESS.finditer(words):
        shown = escape(link[0])
        out += [
            escape(words[at : link.start()]),
            f'<a href="{shown}" style="color:inherit">{shown}</a>',
        ]
        at = link.end()
    return Markup("".join([*out, escape(words[at:])]).replace("\n", "<br>\n"))
