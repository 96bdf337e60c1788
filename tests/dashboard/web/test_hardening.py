"""The policy lets a browser do what the pages need and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from streamlit import config as streamlit_config

from dashboard.parts.page import FOLLOW
from dashboard.web.hardening import HARDENED, content_policy, first_page, inline_hashes

ROOT = Path(__file__).resolve().parents[3]
POLICY = content_policy([FOLLOW], ["ws://localhost:8501"])


@pytest.mark.parametrize("name", sorted(HARDENED))
def test_streamlit_knows_every_setting(name: str) -> None:
    assert name in streamlit_config._config_options_template


def test_no_script_runs_that_we_do_not_know() -> None:
    (scripts,) = (part for part in POLICY.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "http" not in scripts
    assert len(re.findall(r"'sha256-[\w+/=]{44}'", scripts)) == len(inline_hashes([first_page(), FOLLOW])) >= 2


@pytest.mark.parametrize(
    "part", ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
)
def test_nothing_comes_from_elsewhere(part: str) -> None:
    assert part in POLICY.split("; ")
    assert "*" not in POLICY
    assert "connect-src 'self' ws://localhost:8501;" in POLICY


def test_a_hash_is_of_what_stands_between_the_tags() -> None:
    (digest,) = inline_hashes(["<script>let a = 1;</script><script>let a = 1;</script><script src='x.js'></script>"])
    assert digest == f"'sha256-{base64.b64encode(hashlib.sha256(b'let a = 1;').digest()).decode()}'"


def test_the_only_script_of_ours_is_in_the_policy() -> None:
    """A page that brings another one would be silent in the browser: it belongs beside FOLLOW, or nowhere."""
    bringing = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "dashboard").rglob("*.py")
        if "unsafe_allow_javascript=True" in path.read_text(encoding="utf-8")
    ]
    assert bringing == ["dashboard/parts/page.py"]
