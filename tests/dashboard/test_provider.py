"""A provider is read whole or refused with one sentence; what the environment says wins over the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.provider import LONGEST_RECHECK, GroupPlace, provider
from data.errors import WrongQuestion

ENVIRONMENT = {
    "ONEPICTURE_CLIENT_ID": "onepicture",
    "ONEPICTURE_CLIENT_SECRET": "secret",
    "ONEPICTURE_METADATA_URL": "https://id.example.com/.well-known/openid-configuration",
    "ONEPICTURE_REDIRECT_URI": "https://picture.example.com/oauth2callback",
    "ONEPICTURE_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
}
FILE = """
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
[auth.okta]
client_id = "one"
client_secret = "s"
server_metadata_url = "https://company.okta.com/.well-known/openid-configuration"
[auth.entra]
client_id = "two"
client_secret = "s"
server_metadata_url = "https://login.example.com/tenant/v2.0/.well-known/openid-configuration"
[signin]
idle_minutes = 10
recheck_seconds = 600
group_claim = "realm.roles"
[[signin.group]]
group = "West"
role = "regional_director"
hierarchy = "field"
node = "US_WE"
"""


def _written(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "secrets.toml"
    path.write_text(text, encoding="utf-8")
    return {"ONEPICTURE_SECRETS": str(path)}


def test_the_environment_alone_names_a_provider() -> None:
    known = provider({**ENVIRONMENT, "ONEPICTURE_CONTACT": "the field office"})
    assert known is not None
    assert (known.public, known.host, known.https) == ("https://picture.example.com", "picture.example.com", True)
    assert known.clients["default"].issuer == "https://id.example.com"
    assert known.contact == "the field office"
    assert known.secrets["auth"]["client_secret"] == "secret"
    assert "secret" not in repr(known)


def test_a_file_names_several_and_a_table_of_groups(tmp_path: Path) -> None:
    known = provider(_written(tmp_path, FILE), port=8600)
    assert known is not None
    assert {name: each.issuer for name, each in known.clients.items()} == {
        "okta": "https://company.okta.com",
        "entra": "https://login.example.com/tenant/v2.0",
    }
    assert known.redirect_uri == "http://localhost:8600/oauth2callback"
    assert (known.idle, known.recheck) == (600.0, LONGEST_RECHECK)
    assert known.groups == (GroupPlace(group="West", role="regional_director", hierarchy="field", node="US_WE"),)


def test_the_environment_wins(tmp_path: Path) -> None:
    told = {**_written(tmp_path, FILE), "ONEPICTURE_IDLE_MINUTES": "5"}
    known = provider(told, port=1)
    assert known is not None
    assert known.idle == 300.0


def test_without_a_word_there_is_no_provider(tmp_path: Path) -> None:
    assert provider(_written(tmp_path, "[other]\nx = 1\n")) is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ONEPICTURE_CLIENT_ID", "", "client_id"),
        ("ONEPICTURE_CLIENT_SECRET", "", "client_secret is missing"),
        ("ONEPICTURE_METADATA_URL", "http://id.example.com/.well-known/openid-configuration", "server_metadata_url"),
        ("ONEPICTURE_METADATA_URL", "https://id.example.com", "server_metadata_url"),
        ("ONEPICTURE_REDIRECT_URI", "http://picture.example.com/oauth2callback", "redirect_uri"),
        ("ONEPICTURE_REDIRECT_URI", "https://picture.example.com/elsewhere", "redirect_uri"),
        ("ONEPICTURE_COOKIE_SECRET", "short", "cookie_secret"),
        ("ONEPICTURE_IDLE_MINUTES", "0", "idle_minutes"),
        ("ONEPICTURE_SESSION_HOURS", "never", "session_hours"),
        ("ONEPICTURE_SECRETS", "nowhere.toml", "ONEPICTURE_SECRETS"),
    ],
)
def test_half_a_provider_is_refused_and_no_secret_said(name: str, value: str, said: str) -> None:
    with pytest.raises(WrongQuestion, match=said) as caught:
        provider({**ENVIRONMENT, name: value})
    assert caught.value.todo
    assert ENVIRONMENT["ONEPICTURE_COOKIE_SECRET"] not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[auth", "cannot be read"),
        (FILE.replace("idle_minutes", "idle_minute"), 'knows no "idle_minute"'),
        (FILE.replace('role = "regional_director"\n', ""), "group"),
        (FILE + 'colour = "red"\n', "group"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WrongQuestion, match=said):
        provider(_written(tmp_path, text), port=1)
