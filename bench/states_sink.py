"""The mail server of bench.states: as bench.kills', in a mood by the day, and in one of its own for
some recipients.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zlib import crc32

from bench.kills_sink import GONE, MoodySink

MOODS = {
    6: "busy",
    9: "new password",
    10: "new password",
    13: "greylisting",
    16: "refuses words",
    17: "hangs up",
    19: "drops",
    21: "drops after the dot",
    23: "slow",
    25: "new password",
}
"""Day of the life → what the server is like from eight to twenty UTC; else it takes mail."""
MANNERS = ("gone", "full", "greylists", "bounces")
"""What becomes of mail to one recipient in seven, each: refused, put off for good, put off at
first, taken and back.
"""
GREYLISTED_FOR, COMES_BACK_AFTER = timedelta(minutes=20), timedelta(hours=1)


class FaultySink(MoodySink):
    """Takes, delays and refuses by day and by recipient; the clock may be any: it reads it when it
    is spoken to.
    """

    def __init__(self, seed, slow_s, began_at):
        super().__init__(seed, slow_s)
        self.began_at = began_at
        self.first_asked = {}
        self.put_off = defaultdict(list)
        """What it said to each recipient's mail for now: the words of a 4xx, or of a 5xx that is
        about us.
        """
        self.words = {"535"}
        """All it ever said, and its no to a password."""
        self.returned = {}
        """Message-ID → (bounce address, when it comes back) of what it took and could not deliver.
        """

    def manner(self, address):
        return (
            MANNERS[crc32(address.encode()) // 7 % len(MANNERS)]
            if crc32(address.encode()) % 7 == 0
            else ""
        )

    def set_mood(self, at):
        day, hour = (at - self.began_at).days, at.hour
        self.mood = MOODS.get(day, "takes") if 8 <= hour < 20 else "takes"

    async def handle_MAIL(self, server, session, envelope, address, options):
        said = await super().handle_MAIL(server, session, envelope, address, options)
        self.words.add(said)
        return said

    async def handle_RCPT(self, server, session, envelope, address, options):
        manner = self.manner(address)
        if manner == "gone":
            return await super().handle_RCPT(server, session, envelope, GONE + address, options)
        if manner == "greylists":
            first_at = self.first_asked.setdefault(address, datetime.now(UTC))
            if datetime.now(UTC) < first_at + GREYLISTED_FOR:
                return self._later(address, "450 4.2.0 Greylisted; come again")
        said = await super().handle_RCPT(server, session, envelope, address, options)
        return said if said.startswith("250") else self._later(address, said)

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        if self.manner(address) == "full":
            return self._later(address, "452 4.2.2 The mailbox is full")
        said = await super().handle_DATA(server, session, envelope)
        if not said.startswith("250"):
            return self._later(address, said)
        # What comes from nobody is returned to nobody (RFC 5321, 4.5.5).
        if self.manner(address) == "bounces" and envelope.mail_from not in ("", "<>"):
            back_at = datetime.now(UTC) + COMES_BACK_AFTER
            self.returned[self.taken[-1].mail_id] = (
                envelope.mail_from,
                back_at,
                envelope.rcpt_tos[0],
            )
        return said

    def _later(self, address, words):
        self.put_off[address].append(words)
        self.words.add(words)
        return words

    def refuses(self, address):
        """Return how often it said that there is no such recipient."""
        return self.refused[GONE + address]
