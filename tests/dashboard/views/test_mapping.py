"""The Mapping page: the steward's alone; a choice shows at once what it frees, and is saved for the next import."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.errors import Denied
from data.ledger import Ledger
from data.snapshot import Snapshot
from data.workspace import Workspace
from metrics.auditing import may_map
from tests.dashboard.test_navigation import STANDS, of
from tests.dashboard.test_views import PATIENCE, drawn, home, words

__all__ = ["home"]

HEAD = "record_id,event_date,provider npi,vendor_id,campaign_id,campaign_name,brand,channel,impressions,clicks\n"
ROWS = "".join(f"R{n},2026-01-0{n + 1},2900000086,v1,c1,n,Cardiva,{how},5,0\n" for n, how in enumerate(
    ["display"] * 3 + ["Screen_Ad"] * 4))  # fmt: skip


@pytest.fixture
def page(home: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page as the steward sees it, with one file of a vendor in the exports, none of it mapped before."""
    monkeypatch.setenv("ONEPICTURE_HOME", str(home))
    workspace = Workspace.open(home)
    (workspace.mappings / "media_pld.toml").unlink(missing_ok=True)
    workspace.exports.mkdir(exist_ok=True)
    (workspace.exports / "Vendor_Report.csv").write_text(HEAD + ROWS, "utf-8")

    def script() -> None:
        from dashboard import cache, navigation
        from dashboard.session import visit

        navigation.RENDERS["mapping"](visit(cache.visitors()["steward"], {}, cache.snapshot()))

    return AppTest.from_function(script, default_timeout=PATIENCE).run()


def _choose(page: AppTest, label: str, value: str) -> AppTest:
    return next(each for each in page.selectbox if each.label.startswith(label)).select(value).run()


def test_a_file_is_recognised_guessed_and_shown_in_our_words(page: AppTest) -> None:
    assert "Tell the program how to read a file" in words(page)
    _choose(page, "File", "Vendor_Report.csv")
    assert not page.exception
    seen = words(page)
    assert "This looks like Media, physician-level data: one column and one code to confirm" in seen
    assert [each.value for each in page.selectbox][1] == "provider npi"
    assert "channel: Screen_Ad (4 rows" in page.selectbox[2].label
    html = drawn(page)
    assert "impression" in html and "npi:…" in html and "2900000086" not in html


def test_a_choice_frees_rows_and_is_kept_with_who_made_it(page: AppTest, home: Path) -> None:
    workspace = Workspace.open(home)
    _choose(page, "File", "Vendor_Report.csv")
    _choose(page, "channel: Screen_Ad", "display")
    assert "four more rows are read" in words(page)
    page.button[-1].click().run()
    assert "Saved as mappings/media_pld.toml" in words(page)
    told = tomllib.loads((workspace.mappings / "media_pld.toml").read_text("utf-8"))
    assert (
        told["derive"] == "media_pld" and "Screen_Ad" in str(told["recode"]) and "provider npi" in str(told["called"])
    )
    line = Ledger(workspace).audit_lines()[-1]
    assert (line.who, line.did, line.object) == ("steward", "mapping", "media_pld")


@pytest.mark.parametrize("role", [role for role in STANDS if role != "steward"])
def test_nobody_else_changes_how_files_are_read(smallland_snapshot: Snapshot, role: str) -> None:
    with pytest.raises(Denied, match="the data steward's to change"):
        may_map(of(role), smallland_snapshot)


def test_a_steward_sees_no_row_of_what_the_role_does_not(smallland_snapshot: Snapshot) -> None:
    sees = may_map(of("steward"), smallland_snapshot)
    assert sees("open") and sees("rx") and not sees("medical_exchange") and not sees("inquiry")
