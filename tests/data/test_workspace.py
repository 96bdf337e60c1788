"""The workspace: made once, opened again, closed to others, clear about what is missing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from data.errors import BadInput, NoSnapshot
from data.workspace import Workspace


def test_a_workspace_that_was_made_can_be_opened(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "home", "company")
    opened = Workspace.open(tmp_path / "home")
    assert opened == made
    assert (opened.kind, opened.is_demo) == ("company", False)
    assert all(directory.is_dir() for directory in opened.directories)


def test_making_it_again_keeps_its_secret(tmp_path: Path) -> None:
    secret = Workspace.create(tmp_path / "home").secret
    assert Workspace.create(tmp_path / "home").secret == secret


def test_two_companies_have_two_secrets_and_every_demo_the_same(tmp_path: Path) -> None:
    secrets = {Workspace.create(tmp_path / name).secret for name in ("one", "two")}
    demos = {Workspace.create(tmp_path / name, "demo").secret for name in ("three", "four")}
    assert (len(secrets), len(demos)) == (2, 1)
    assert not secrets & demos


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "home")
    assert stat.S_IMODE(made.home.stat().st_mode) == 0o700
    assert stat.S_IMODE(made.settings_path.stat().st_mode) == 0o600


def test_a_company_is_never_turned_into_a_demo(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "home", "company")
    with pytest.raises(BadInput, match="of kind"):
        Workspace.create(tmp_path / "home", "demo")


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="toy"):
        Workspace.create(tmp_path / "home", "toy")


def test_where_there_is_none_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot, match="onepicture demo") as caught:
        Workspace.open(tmp_path / "nothing")
    assert caught.value.exit_code == 4


def test_the_home_is_the_one_asked_for_else_the_variable_else_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEPICTURE_HOME", str(tmp_path / "variable"))
    assert Workspace.default_home(tmp_path / "asked") == tmp_path / "asked"
    assert Workspace.default_home() == tmp_path / "variable"
    monkeypatch.delenv("ONEPICTURE_HOME")
    monkeypatch.chdir(tmp_path)
    assert Workspace.default_home() == tmp_path / ".onepicture"


@pytest.mark.parametrize("text", ["kind = ", 'kind = "company"\n', "secret = 3\n"])
def test_settings_that_cannot_be_read_are_an_error_in_words(tmp_path: Path, text: str) -> None:
    made = Workspace.create(tmp_path / "home")
    made.settings_path.write_text(text)
    with pytest.raises(BadInput, match=r"workspace\.toml"):
        _ = made.secret
