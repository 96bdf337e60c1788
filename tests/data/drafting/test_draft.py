"""A draft is TOML that makes a mapping, is read back as it was saved, and never overwrites what a person wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.drafting.draft import LEAVE_OUT, Draft, begun, path_of, save
from data.errors import BadInput, BadMapping
from data.workspace import Workspace

DRAFT = Draft(
    base="veeva_crm",
    columns={("call", "Account_vod__c"): 'Acct "Id"'},
    words={("channel", "Fax_vod"): "other", ("channel", "Test\\Call"): LEAVE_OUT},
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "home")


def test_what_was_chosen_is_in_the_mapping_and_comes_back(workspace: Workspace) -> None:
    path = save(workspace, DRAFT)
    assert begun(workspace, "veeva_crm") == DRAFT
    layout = DRAFT.layout()
    assert layout.source("call").called == {"Account_vod__c": 'Acct "Id"'}
    assert layout.recodes["channel"].words["Fax_vod"] == "other"
    assert layout.recodes["channel"].words["Video_vod"] == "video"
    assert "Test\\Call" in layout.recodes["channel"].ignore
    save(workspace, begun(workspace, "veeva_crm").with_more({}, {("channel", "Fax_vod"): "phone"}))
    assert begun(workspace, "veeva_crm").words["channel", "Fax_vod"] == "phone"
    assert [each.name for each in path.parent.iterdir()] == ["veeva_crm.toml"]


def test_what_makes_no_mapping_is_not_saved(workspace: Workspace) -> None:
    with pytest.raises(BadMapping, match='no source "calls"'):
        save(workspace, Draft(base="veeva_crm", columns={("calls", "Id"): "Key"}))
    with pytest.raises(BadMapping):
        save(workspace, Draft(base="../visitors"))
    assert not workspace.mappings.exists()


def test_a_mapping_written_by_hand_is_left_alone(workspace: Workspace) -> None:
    workspace.mappings.mkdir()
    path_of(workspace, "veeva_crm").write_text('name = "veeva_crm"\nderive = "veeva_crm"\n', encoding="utf-8")
    with pytest.raises(BadInput, match="by hand"):
        save(workspace, DRAFT)
