"""The book of the desk these tests meet at, and what its visitors state."""

BOOK = """
deskbook: 1
name: Pay desk
zone: Asia/Kolkata
prefix: PAY
mail: [pay@desk.example]
channels:
  email:
  live chat: { by: chat, hours: chat hours, asks: [name, PEN, registered mobile], when closed: Write a message. }
directory:
  name: { required: yes }
  PEN: { name: PEN, identifies: yes }
  registered mobile: { identifies: yes }
hours:
  always: { mon-sun: 00:00-24:00 }
  chat hours: { mon-sun: 00:00-24:00 }
teams:
  office: { name: Office }
  treasury: { name: Treasury }
routing:
  rules:
    - { to: office }
hops:
  - { from: office, to: treasury }
stages:
  received: { means: It has come. }
  answered: { solved: yes }
  closed: { closed: yes }
"""
BY_NAME = BOOK.replace(", asks: [name, PEN, registered mobile]", "")
CLOSED = BOOK.replace("chat hours: { mon-sun: 00:00-24:00 }", "chat hours: { thu: 03:00-03:01 }")
RIGHT = {
    "asked.name": "chitra raman",
    "asked.pen": "512345",
    "asked.registered mobile": "9447 000 001",
}
SECRET = "ab" * 32
