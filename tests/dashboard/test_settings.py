"""What the environment says about the network is read as it stands, or refused."""

from __future__ import annotations

import pytest

from dashboard.settings import Server, server_settings
from data.errors import WrongQuestion


def test_without_a_word_no_proxy_is_trusted_and_nobody_counts() -> None:
    assert server_settings() == Server(trusted_proxies=(), metrics_token="", sign_ins_a_minute=120)


def test_proxies_are_a_list_and_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEPICTURE_TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16,")
    monkeypatch.setenv("ONEPICTURE_METRICS_TOKEN", "let-me-count")
    told = server_settings()
    assert told.trusted_proxies == ("10.0.0.1", "10.1.0.0/16")
    assert "let-me-count" not in repr(told)


@pytest.mark.parametrize("name", ["ONEPICTURE_SIGN_INS_A_MINUTE", "ONEPICTURE_OPEN_PAGES"])
@pytest.mark.parametrize("pace", ["0", "-1", "many", "1.5"])
def test_a_limit_is_a_whole_number(monkeypatch: pytest.MonkeyPatch, name: str, pace: str) -> None:
    monkeypatch.setenv(name, pace)
    with pytest.raises(WrongQuestion, match=name):
        server_settings()
