"""The pages as each role sees them on Smallland, run by Streamlit itself without a browser."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.ledger import Ledger
from data.workspace import Workspace
from metrics.build import build
from metrics.catalog import METRICS
from tests import smallland
from tests.dashboard.test_navigation import STANDS

APP = str(Path(__file__).resolve().parents[2] / "dashboard" / "app.py")
PATIENCE = 60


@pytest.fixture(scope="module")
def home(smallland_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of Smallland with one visitor a role, to write a ledger into."""
    copy = tmp_path_factory.mktemp("pages") / "home"
    shutil.copytree(smallland_home, copy)
    blocks = []
    for role, (hierarchy, node) in STANDS.items():
        where = f'node = "{node}"\n' if node else ""
        where += 'studies = ["S1"]\n' if role == "site_manager" else ""
        blocks.append(f'[[visitor]]\nid = "{role}"\nrole = "{role}"\nhierarchy = "{hierarchy}"\n{where}')
    Workspace.open(copy).visitors_path.write_text("\n".join(blocks), encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def one_market(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smallland without beta, which six physicians write: all less alfa would tell of them, so alfa would be hidden."""
    rows = smallland.smallland()
    rows["outcome"] = [row for row in rows["outcome"] if row["product"] != "beta"]
    workspace = smallland.workspace(tmp_path_factory.mktemp("market") / "home", rows=rows)
    build(workspace, smallland.AS_OF)
    shutil.copy(Workspace.open(home).visitors_path, workspace.visitors_path)
    return workspace.home


@pytest.fixture
def open_as(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Open the app as a role, with an address."""

    def _open(role: str | None, *, at: Path | None = None, **address: str) -> AppTest:
        monkeypatch.setenv("ONEPICTURE_HOME", str(at or home))
        if role:
            monkeypatch.setenv("ONEPICTURE_AS", role)
        app = AppTest.from_file(APP, default_timeout=PATIENCE)
        for key, value in address.items():
            app.query_params[key] = value
        return app.run()

    return _open


def drawn(app: AppTest) -> str:
    """Every piece of our own HTML on the page."""
    assert not app.exception, app.exception
    body = "\n".join(element.proto.body for element in app.get("html"))
    return re.sub(r"<(style|script)>.*?</\1>", " ", body, flags=re.DOTALL)


def words(app: AppTest) -> str:
    """The page as text."""
    return html.unescape(re.sub(r"<[^>]+>", " ", drawn(app)))


def test_the_leader_sees_one_picture(open_as, one_market: Path) -> None:
    said = words(open_as("national_leader", at=one_market))
    assert "TRx is 12\u202f% below goal" in said
    assert "1,170" in said
    assert "goal 1,326" in said
    assert "Why TRx rose by 156" in said or "TRx rose by 156" in said
    assert "Two regions" in said
    assert "could not be drawn" not in said


@pytest.mark.parametrize("role", ["brand_lead", "regional_director", "district_manager", "steward"])
def test_commercial_roles_have_five_bands(open_as, home: Path, role: str) -> None:
    page = open_as(role)
    if role == "steward":  # whose first page is another
        page = _view(home, role)
    bands = re.findall(r'class="op-band op-b-(\w+)', drawn(page))
    assert bands == ["outcome", "field", "media", "medical", "sites"]
    assert "could not be drawn" not in words(page)


@pytest.mark.parametrize("role", ["msl", "medical_director", "site_manager"])
def test_medical_roles_have_no_outcome_anywhere(open_as, home: Path, role: str) -> None:
    for page in (open_as(role), _view(home, role)):
        said = words(page)
        assert "op-b-outcome" not in drawn(page)
        assert "could not be drawn" not in said
        outcome = [metric.title for metric in METRICS.values() if metric.band == "outcome"]
        assert [title for title in outcome if re.search(rf"\b{re.escape(title)}\b", said)] == []


def _view(home: Path, role: str, page: str = "one_picture") -> AppTest:
    """One view of a role, whatever its first page is."""

    def script(role: str, page: str) -> None:
        from dashboard import cache, navigation
        from dashboard.session import visit

        navigation.RENDERS[page](visit(cache.visitors()[role], {}, cache.snapshot()))

    return AppTest.from_function(script, default_timeout=PATIENCE, args=(role, page)).run()


def test_a_rep_sees_persons_and_no_opted_out_prescriptions(open_as, home: Path) -> None:
    open_as("rep")
    said = words(_view(home, "rep"))
    assert "leave out one physician who opted out" in said
    assert "Medical inquiries: not shown" in said
    assert "HCPs" in said


def test_the_national_leader_sees_no_person(open_as) -> None:
    said = words(open_as("national_leader", node="SM_N1a"))
    assert "Shore" in said
    assert "never row by row" in said


def test_a_node_outside_the_scope_is_one_sentence(open_as) -> None:
    said = words(open_as("regional_director", node="SM_S"))
    assert "in what you look after" in said
    assert "North" in said


def test_nobody_signed_in_is_told_what_to_do(open_as) -> None:
    said = words(open_as(None))
    assert "Nobody is signed in" in said
    assert "onepicture serve --as" in said
    assert "TRx" not in said


def test_an_empty_home_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEPICTURE_HOME", str(tmp_path / "nothing"))
    app = AppTest.from_file(APP, default_timeout=PATIENCE).run()
    assert "onepicture demo" in words(app)


def test_a_page_view_is_one_line_of_the_audit(open_as, home: Path) -> None:
    ledger = Ledger(Workspace.open(home))
    before = len(ledger.audit_lines("steward"))
    open_as("steward", period="C4W")
    lines = ledger.audit_lines("steward")
    assert len(lines) == before + 1
    assert lines[-1].what == "view data_health"
    assert lines[-1].filters["period"] == "C4W"


def test_a_cue_is_accepted_undone_and_closed_through_the_ledger(open_as, home: Path) -> None:
    page = open_as("msl")
    accept = [button for button in page.button if button.key.startswith("accepted_")]
    assert accept, "site S1-02 flags in this MSL's territory"
    key = accept[0].key
    page = accept[0].click().run()
    assert "You accepted this" in words(page)
    page = next(button for button in page.button if button.key == key.replace("accepted", "undone")).click().run()
    assert key in [button.key for button in page.button]
    page = next(button for button in page.button if button.key == key.replace("accepted", "done")).click().run()
    assert "Answered" in words(page)
    actions = [action.action for action in Ledger(Workspace.open(home)).cue_actions("msl")]
    assert actions == ["accepted", "undone", "done"]


def test_without_a_comparison_nothing_is_said_to_have_moved(open_as) -> None:
    said = words(open_as("national_leader", compare="none"))
    assert "Choose a comparison" in said
    assert "of the rise" not in said


def test_over_all_products_no_goal_stands_beside_the_volume(open_as) -> None:
    said = words(open_as("national_leader", product="all"))
    assert "below goal" not in said
    assert "every product loaded" in said


def test_every_chart_has_words(open_as, one_market: Path) -> None:
    page = open_as("national_leader", at=one_market)
    charts = page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")
    assert len(charts) == 2
    assert all(chart.proto.alt for chart in charts)
