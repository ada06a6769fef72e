"""What is wrong with a list that is uploaded, with a line or a value of it, and what was noticed
about it.
"""

SENTENCES = {
    "file: column called twice": "Two columns are called “{name}”: rename one.",
    "file: empty": "The file is empty.",
    "file: encoding": (
        "Line {number} is in an encoding nobody could guess: save the list as “CSV UTF-8”."
    ),
    "file: first sheet": "Only the first of its sheets is read: {title}.",
    "file: large": "The file is larger than 90 MB: split it.",
    "file: large unpacked": "The spreadsheet is too large unpacked: split it or save it as CSV.",
    "file: line unreadable": "Line {number} cannot be read: {why}.",
    "file: long cell": "Line {number} has a cell of more than 32,767 characters: shorten it.",
    "file: many columns": "The list has more than 500 columns: keep only those it is about.",
    "file: many lines": "The list has more than a million lines: split it.",
    "file: no lines": "The file has no lines.",
    "file: no text": "This is no text file: save the list as CSV or XLSX.",
    "file: none": "Choose a file.",
    "file: not UTF-8": (
        "The file is not UTF-8; it was read as Windows-1252. Check the accents, first in line"
        " {number}."
    ),
    "file: not opened": "The spreadsheet cannot be opened: {why}. Save it again, or as CSV.",
    "file: one line": (
        "The file has only one line; the first line names the columns, the others follow."
    ),
    "file: other kind": "This is a {kind} file: save the list as CSV or XLSX.",
    "list: at line": "Line {number}: {why}",
    "list: changed since": (
        "The desk changed since the list was read, so nothing was taken in: look again. {why}"
    ),
    "list: circle": "“{code}” would lie within itself, through “{here}”.",
    "list: code twice": "The code “{code}” is in line {number} already.",
    "list: column missing": (
        "The column {missing} is missing. The first line must name the columns: {all}."
    ),
    "list: column twice": "Two columns mean “{name}”: take one out.",
    "list: columns kept": (
        "Columns this list does not know are kept with each person or place: {names}."
    ),
    "list: columns left out": "Columns this list does not know are left out: {names}.",
    "list: console language": "The console speaks en and pt, not “{text}”.",
    "list: date": "“{text}” is no date: write it like 2026-03-02.",
    "list: date and time": "“{text}” is no date and time: write it like 2026-03-02 06:00.",
    "list: empty": "{columns} is empty.",
    "list: formula": "“{column}” looks like a formula; it is kept as text.",
    "list: kind": "There is no list of that kind.",
    "list: language": "“{text}” is no language of Deskbook: write one of {known}.",
    "list: long": "{column} is longer than {most} characters.",
    "list: mail address": "“{text}” is no mail address.",
    "list: mail domain": "“{text}” is no mail domain: write it like northwind.example.",
    "list: many cells": (
        "It has more cells than there are columns: is a “{sep}” inside a text not quoted?"
    ),
    "list: no organisation": (
        "There is no organisation “{name}”: add it first, or upload the organisations."
    ),
    "list: no way": "Give a mail address or a number: without one nobody is found again.",
    "list: nobody called": "Nobody called “{said}” works at this desk.",
    "list: on shift": "{name} is on shift then by line {number} already.",
    "list: owners": (
        "Owners of the book are made, changed and unmade one by one, by an owner, not by a list."
    ),
    "list: phone number": (
        "“{text}” is no phone number: write it with its country, like +258 84 123 4567."
    ),
    "list: place": "The book knows no place “{text}”: it has {known}.",
    "list: plan": "The book has no plan “{text}”: it has {known}.",
    "list: role": "“{text}” is no role: write agent, lead or owner.",
    "list: same address": "Line {number} has the same address.",
    "list: same line": "The same as line {number}: it is taken once.",
    "list: same organisation": "Line {number} is about the same organisation.",
    "list: same person": "Line {number} is about the same person.",
    "list: several called": "Several people are called “{said}”: give the mail address.",
    "list: switched off": "Their account is switched off; this line switches it on again.",
    "list: taken in already": "This list was taken in already, or is not read yet.",
    "list: team": "The book has no team “{text}”: it has {known}.",
    "list: two people": "It names two people the desk knows ({whose}): which of them is it?",
    "list: way taken": "“{what}” belongs to {name} already: two people cannot have one.",
    "list: way twice": "“{what}” is in line {number} already: two people cannot have one.",
    "list: within": "There is no place with the code “{code}” for it to lie within.",
    "list: wrong line": (
        "1 line is wrong: correct it in the file and upload it again. Nothing was taken in."
    ),
    "list: wrong lines": (
        "{count} lines are wrong: correct them in the file and upload it again. Nothing was"
        " taken in."
    ),
    "list: yes or no": "“{text}” under {column} is neither yes nor no.",
    "list: zone": "“{text}” is no time zone: write an IANA name such as America/Toronto.",
}
WORDS = ("it is longer than any line of a list, or a quote in it is never closed", "somebody else")
