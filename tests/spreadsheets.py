"""Spreadsheets, and a machine that has no room to read one."""

import io
import sys

from openpyxl import Workbook

from deskbook.people import apart


def small_spreadsheet(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def no_process_can_be_started(monkeypatch):
    """From now on nothing is read apart."""
    monkeypatch.setattr(apart, "_idle", [])
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
