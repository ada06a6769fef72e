"""The book of a desk that gives tokens; ALWAYS receives visitors day and night."""

BOOK = """
deskbook: 1
name: Counter Desk
zone: Asia/Kolkata
languages: [ml, en]
prefix: CNT
channels:
  email:
  visit: { by: walk-in, hours: visitors }
hours:
  working days: { mon-sun: 09:30-17:30 }
  visitors: { mon-sun: [12:00-13:00, 15:00-17:00] }
stages:
  received: { by hand: no }
  done: { closed: yes }
categories:
  Salary Matters:
  Login:
services:
  salary: { name: Salary matters, in: { ml: ശമ്പളം }, category: Salary Matters }
  login: { name: Login, category: Login }
sites:
  PMU: { name: PMU office, visitor hours: visitors, counters: 2 }
  Kannur: { name: Kannur office, visitor hours: working days, counters: [Front, Back], services: [login] }
  Remote: { name: No counter }
directory:
  PEN: { identifies: yes }
templates:
  - { for: token, by: sms, language: en, text: "Your token is {token}, {place}." }
"""
ALWAYS = BOOK.replace("[12:00-13:00, 15:00-17:00]", "00:00-24:00").replace(
    "09:30-17:30", "00:00-24:00"
)


def offering_no_login(text: str) -> str:
    """Return a book without the service that it calls login."""
    less = text.replace("  login: { name: Login, category: Login }\n", "")
    return less.replace(", services: [login]", "")
