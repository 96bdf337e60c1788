"""A real server on the demo company and a real browser before it."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60.0
SHOWS_WITHIN = 20_000

# On a page's address the client asks below it first, then at the root: a 404 that means nothing.
PROBED = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def own_demo(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo company whose ledger the browser may write into."""
    heavy = shutil.ignore_patterns("*.csv", "*.parquet")
    return Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("served") / "home", ignore=heavy))


@pytest.fixture(scope="session")
def address(own_demo: Path) -> Iterator[str]:
    """Where `onepicture serve` serves the demo company; it is stopped as a person stops it."""
    if _chromium() is None:
        pytest.skip("No Chromium is installed: apt-get install chromium")
    port = _free_port()
    command = [sys.executable, "-m", "dashboard", "serve", "--home", str(own_demo)]
    log = own_demo.parent / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, stdout=out, stderr=out)
    try:
        where = f"http://localhost:{port}"
        until = time.monotonic() + STARTS_WITHIN
        while not _healthy(where):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, f"not healthy within {STARTS_WITHIN:.0f} s: {log.read_text()}"
            time.sleep(0.2)
        yield where
    finally:
        server.send_signal(signal.SIGINT)
        code = server.wait(timeout=20)
    assert code == 0, log.read_text()
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless, asking nothing of any other host."""
    found = _chromium()
    if found is None:
        pytest.skip("No Chromium is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        chromium = playwright.chromium.launch(executable_path=found, args=[*quiet, "--disable-quic", "--no-first-run"])
        yield chromium
        chromium.close()


@dataclass
class Reader:
    """Somebody before a screen: a page, where the app is, and what the browser complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, **query: str) -> Page:
        """Goes there and waits until the page is drawn and nothing is running any more."""
        words = "&".join(f"{name}={value}" for name, value in query.items())
        self.page.goto(f"{self.address}/{path}?{words}")
        self.settled()
        return self.page

    def settled(self) -> None:
        """Waits until the app has drawn what it was asked for."""
        app = self.page.locator("[data-testid=stApp]")
        app.wait_for(timeout=SHOWS_WITHIN)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=SHOWS_WITHIN)
        self.page.wait_for_selector("[data-testid=stSkeleton]", state="detached", timeout=SHOWS_WITHIN)

    def overheard(self, message: ConsoleMessage) -> None:
        """Keeps what the browser reports as an error, but for Streamlit's own search for its base path."""
        if message.type == "error" and not PROBED.search(str(message.location.get("url", ""))):
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Callable[..., Reader]]:
    """Opens a screen of a width and a colour scheme; at the end nobody may have complained."""
    opened: list[Reader] = []

    def _sit(width: int = 1440, height: int = 1000, scheme: str = "light") -> Reader:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        someone = Reader(context.new_page(), address)
        someone.page.set_default_timeout(SHOWS_WITHIN)
        someone.page.on("console", someone.overheard)
        someone.page.on("pageerror", lambda error: someone.complaints.append(str(error)))
        opened.append(someone)
        return someone

    yield _sit
    for someone in opened:
        someone.page.context.close()
    complaints = [complaint for someone in opened for complaint in someone.complaints]
    assert not complaints, "\n".join(complaints)
