"""What a new book says of how many are in time is told as a change."""

from deskbook.book.compare.changes import changes
from deskbook.book.compare.sides import read_side

BOOK = """\
deskbook: 1
name: Harbour
zone: UTC
hours: { office: { mon-fri: 09:00-18:00 } }
plans: { gold: { fee: 1200 EUR a month } }
targets: [{ respond: 2h }]
service levels:
  - { name: Answers, at least: 95%, of: respond, for each: organisation, credits: [{ below: 95%, gives: 5% of the fee }] }
compensation:
  - { name: Late, late: respond, pays: 250 INR, each: 1d }
"""


def test_shares_sums_and_fees_are_told_in_their_own_words():
    new = BOOK.replace("95%, of", "90%, of").replace("5% of the fee", "6% of the fee")
    new = (
        new.replace("250 INR", "300 INR")
        .replace("1200", "1500")
        .replace("below: 95%", "below: 90%")
    )
    told = " ".join(one.said for one in changes(read_side(BOOK, "a"), read_side(new, "b")))
    for said in (
        "at least 95% → 90%",
        "pays 250 INR → 300 INR",
        "fee 1200 EUR a month → 1500 EUR a month",
        "credit “below 95%” is dropped",
        "credit “below 90%”",
    ):
        assert said in told, told
