"""Why what a desk had elsewhere, or something of it, does not come along."""

SENTENCES = {
    "moving: article language": (
        "It is written in “{language}”, and articles are written in {known} here."
    ),
    "moving: article twice": (
        "Article {number} is in the export twice in one language: the first of them counts."
    ),
    "moving: article costly": "It cannot be turned into an article: {why}",
    "moving: article file": "Articles here hold pictures alone: the file “{name}” did not come.",
    "moving: article picture": (
        "The picture {address} is not in the export: its words stand where it was."
    ),
    "moving: article pictures": (
        "An article holds {most} pictures: {address} did not come, its words stand where it was."
    ),
    "moving: at it": "An export of this system is being taken in already: wait until that is done.",
    "moving: bomb": "The file unpacks to more than any export: nothing of it was read.",
    "moving: broken": "It cannot be read: {why}.",
    "moving: crashed": (
        "It stopped at what it was not made for, and did not go on: {why}. What came until then is"
        " here."
    ),
    "moving: deep": "It has parts within parts deeper than any export has.",
    "moving: doctype": "The XML declares entities: no export does, and nothing of it was read.",
    "moving: endless": (
        "Line {number} begins a text that does not end: is a quote never closed? Nothing was taken"
        " in."
    ),
    "moving: endless line": (
        "What begins in line {number} of {name} does not end within 30 million characters: no"
        " export has such a line. Nothing was taken in."
    ),
    "moving: endless object": (
        "What begins in line {number} of {name} does not end within {most} million characters."
        " Nothing was taken in."
    ),
    "moving: file absent": "The file “{name}” is not in the export; its message came without it.",
    "moving: file large": (
        "The file “{name}” is larger than {most} MB; its message came without it."
    ),
    "moving: instant": "“{text}” is no date and time: write it like 2026-03-02 15:04.",
    "moving: kind": "“{text}” is no kind of message: write request, answer or note.",
    "moving: large": "The file is larger than 90 MB: bring it by `deskbook import` at a terminal.",
    "moving: many cells": "It has more cells than there are columns.",
    "moving: map": "The map cannot be read: {why}",
    "moving: map from": (
        "“{part}” is to be read from “{name}”, which no ticket of the export has. They have:"
        " {known}."
    ),
    "moving: map part": "The book sorts no case by “{part}”. A map may have: {parts}.",
    "moving: map parts": "A map names parts of the book with words below: {parts}.",
    "moving: map word": "The book has no {part} “{word}”. It has: {known}.",
    "moving: no author": (
        "Nobody owns the desk who could answer for its articles: add an owner, then bring them."
    ),
    "moving: no field": "It has no field “{name}”, which every export has.",
    "moving: no issue key": (
        "No column is called “Issue key”: save the search as CSV with all fields. It has:"
        " {columns}."
    ),
    "moving: no number": (
        "No column is called “number”: the first line must name the columns. It has: {columns}."
    ),
    "moving: no ticket": "It was said on a ticket that is not in the export.",
    "moving: article not kept": "This article could not be kept: {why}",
    "moving: not kept": "Ticket {number} could not be kept: {why}",
    "moving: nothing": (
        "There is no ticket and no article of {title} in the file: is it an export of it?"
    ),
    "moving: number empty": "It has no number.",
    "moving: no instant": (
        "“{text}” in “{name}” is no date and time (one looks like 2026-03-02 15:04): that alone did"
        " not come."
    ),
    "moving: odd field": (
        "“{name}” holds something else than exports have there ({text}): that alone did not come."
    ),
    "moving: odd record": "It is not shaped as exports of that system are.",
    "moving: overfull": (
        "It has more than {most} values: no record of an export does. Save fewer tickets in a file."
    ),
    "moving: source": "Choose the system the file comes from.",
    "moving: stopped": "Somebody stopped it. What came until then is here.",
    "moving: thrown away": "Ticket {number} was thrown away there, or held for spam.",
    "moving: ticket twice": "Ticket {number} is in the export twice: the first of them counts.",
    "moving: unknown sort": (
        "It is neither a ticket nor a message, a person, a group or an article: {name}."
    ),
    "moving: unsaid": (
        "The book does not know some words of the tickets, and nobody said what they become:"
        " {words}. Name each in the map, or “*” for all others; an empty word leaves it out."
    ),
    "moving: zip": "The zip file cannot be read: {why}",
}
