"""The report on a check: one page that needs nothing, tells counts and columns, and names nobody."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dashboard.cli import run
from dashboard.exports.check_report import check_report
from data.drafting.looking import look
from data.mapping import load_mappings

HEAD = "Id,Name,IsActive,User_Type_vod__c\n"


@pytest.fixture
def page(tmp_path: Path) -> str:
    """A report on a file that is fine, one that nobody knows, and one with a person in the wrong place."""
    (tmp_path / "User.csv").write_text(HEAD + "005Kx000000hB7jIAE,Otto Uliwala,true,Sales\n", "utf-8")
    (tmp_path / "<b>odd.csv").write_text("colour;taste\nred;sweet\n", "utf-8")
    pld = "record_id,event_date,npi,vendor_id,campaign_id,campaign_name,brand,channel,impressions,clicks\n"
    rows = "".join(f"R{n},2026-01-01,2900000086,v1,c,n,Cardiva,Ann Doe,1,0\n" for n in range(2))
    (tmp_path / "Clinicast_PLD.csv").write_text(pld + rows, "utf-8")
    return check_report(look([tmp_path], load_mappings()), date(2026, 11, 22))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.open += [] if tag in ("meta", "br", "img") else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_is_whole_and_needs_nothing_from_anywhere(page: str) -> None:
    parsed = _Tags()
    parsed.feed(page)
    assert parsed.open == [] and not parsed.seen & {"script", "link", "iframe", "img", "b"}
    assert not re.search(r"https?:|url\(|@import|\son\w+=", page)


def test_it_says_what_to_look_at_and_counts_every_row(page: str) -> None:
    assert "2 of 3 files need a look" in page and "3 rows read, 2 rows could not be used" in page
    assert "No mapping knows this file" in page and "&lt;b&gt;odd.csv" in page
    assert "1 more value in single rows" in page


def test_it_names_nobody(page: str) -> None:
    for word in ("Otto", "Uliwala", "005Kx", "2900000086", "Ann Doe"):
        assert word not in page


def test_the_command_writes_it_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "User.csv").write_text(HEAD + "005Kx000000hB7jIAE,Otto Uliwala,true,Sales\n", "utf-8")
    out = tmp_path / "report.html"
    assert run(["check", str(tmp_path / "User.csv"), "--report", str(out)]) == 0
    assert "about 1 file" in capsys.readouterr().out and "Every file can be read as it is" in out.read_text("utf-8")
    assert run(["check", str(tmp_path / "User.csv"), "--report", str(tmp_path / "report.pdf")]) == 2
    assert ".html" in capsys.readouterr().err
