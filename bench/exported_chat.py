"""Measures how long an exported WhatsApp chat takes to be read, without a database.

    python -m bench.exported_chat [--messages 100000]

Prints messages, megabytes and seconds for an Android export in Portuguese and an iOS export in
English.
"""

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from deskbook.channels.whatsapp.chat_text import read_chat

FORMATS = {
    "Android, pt": "{at:%d/%m/%Y, %H:%M} - {who}: {text}",
    "iOS, en": "[{at:%m/%d/%y, %I:%M:%S %p}] {who}: {text}",
}
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)


def chat(form, count):
    """Return an export of so many messages, every twentieth of three lines."""
    texts = (
        "O tablet não sincroniza desde ontem",
        "Sim",
        "<Mídia oculta>",
        "Equipa 7\nMonapo\nduas aldeias repetidas",
    )
    return "\n".join(
        form.format(
            at=BEGAN + timedelta(minutes=n),
            who=f"Pessoa {n % 40}",
            text=texts[3 if n % 20 == 0 else n % 3],
        )
        for n in range(count)
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=100_000)
    count = parser.parse_args().messages
    for name, form in FORMATS.items():
        text = chat(form, count)
        began = time.perf_counter()
        found = sum(1 for _line in read_chat(text, ZoneInfo("Africa/Maputo"), at=datetime.now(UTC)))
        seconds = time.perf_counter() - began
        sys.stdout.write(
            f"{name}: {found:,} messages, {len(text.encode()) / 1e6:.1f} MB, {seconds:.1f} s\n"
        )


if __name__ == "__main__":
    main()
