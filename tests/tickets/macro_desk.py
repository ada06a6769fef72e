"""A desk of two teams whose book has macros."""

DESK = """
deskbook: 1
name: Harbour
zone: UTC
hours: { always: { every day: 00:00-24:00 } }
types: [question, request]
categories: [papers, login]
teams: { first line: , data team: }
routing: { first: first line }
stages:
  new: { to: [open, waiting, solved] }
  open: { to: [waiting, solved] }
  waiting: { to: [open, solved], next: requester }
  solved: { to: [closed, open] }
  closed: { closed: yes, to: [] }
"""
MACROS = """
macros:
  - name: Papers are missing
    type: request
    sort: { category: papers }
    to: data team
    note: Asked for the list.
    answer: Dear {name}, please send the list for {ticket}.
    stage: waiting
  - { name: Look at it, note: Somebody looks at it. }
"""
