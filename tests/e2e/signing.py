"""A company's workspace behind a real provider: the processes, a person in a browser, and the wire without one."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey
from playwright.sync_api import BrowserContext, Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from data.entitlements import Entitlement, Entitlements
from data.ledger import Ledger
from data.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a cookie secret of forty characters, at least"
STARTS_WITHIN = 90.0
SHOWS_WITHIN = 30_000
# Who the provider knows, by subject; whoever else is typed in has an address that nobody verified.
PEOPLE: Sequence[dict[str, Any]] = tuple(
    {"sub": name, "email": f"{name}@example.com", "email_verified": True, "name": name.capitalize()}
    for name in ("ada", "ben", "cleo", "dora", "eve", "finn", "gil")
)
SIGNED_OUT = ".op-door"


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: Sequence[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process, which may not answer yet; it is ended by its own id."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=settings, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(process: subprocess.Popen[bytes], log: Path, probe: str) -> None:
    """Waits until a process answers at `probe`."""
    until = time.monotonic() + STARTS_WITHIN
    while not _answers(probe):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.2)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def company_of(demo: Path, home: Path) -> Path:
    """A company's own workspace with the demo's numbers and a ledger of its own."""
    heavy = shutil.ignore_patterns("*.csv", "*.parquet", "ledger.sqlite*")
    shutil.copytree(demo, home, ignore=heavy)
    settings = home / "workspace.toml"
    settings.write_text(settings.read_text("utf-8").replace('kind = "demo"', 'kind = "company"'), encoding="utf-8")
    return home


@dataclass(frozen=True, kw_only=True)
class Company:
    """Where the app is, where its two providers are, its workspace and its log."""

    address: str
    provider: str
    odd: str
    home: Path
    log: Path
    process: subprocess.Popen[bytes]

    def answers(self) -> Company:
        """Waits until the app is there."""
        answers(self.process, self.log, f"{self.address}/_stcore/health")
        return self

    @property
    def entitlements(self) -> Entitlements:
        """The list, written by another process than the server's."""
        return Entitlements(Ledger(Workspace.open(self.home)))

    def grant(self, who: str, node: str = "US", role: str = "national_leader", **more: Any) -> None:
        """Put somebody on the list, whichever provider vouches."""
        for issuer in (self.provider, self.odd):
            told = {
                "issuer": issuer,
                "subject": who,
                "role": role,
                "hierarchy": "field",
                "node": node,
                "reason": "test",
            }
            self.entitlements.grant(Entitlement(**(told | more)), "operator")

    def be(self, **how: str | int) -> None:
        """Have the odd provider vouch in that way from now on."""
        httpx.get(f"{self.odd}/be", params=how).raise_for_status()


@contextlib.contextmanager
def serving(demo: Path, folder: Path, provider: str, odd: str, limits: str, **environment: str) -> Iterator[Company]:
    """`onepicture serve` on a company's workspace beside both providers; it may not answer yet."""
    port, home, log = free_port(), company_of(demo, folder / "home"), folder / "server.log"
    sections = "".join(
        f'{head}\nclient_id = "onepicture"\nclient_secret = "s"\n'
        f'server_metadata_url = "{issuer}/.well-known/openid-configuration"\n'
        for head, issuer in (("", provider), ("[auth.odd]", odd))
    )
    secrets = folder / "secrets.toml"
    back = f'redirect_uri = "http://localhost:{port}/oauth2callback"\ncookie_secret = "{SECRET}"\n'
    secrets.write_text(f'[auth]\n{back}{sections}[signin]\ncontact = "the field office"\n{limits}', encoding="utf-8")
    command = ["-m", "dashboard", "serve", "--home", str(home), "--port", str(port)]
    address = f"http://localhost:{port}"
    with running(command, log, ONEPICTURE_SECRETS=str(secrets), **environment) as process:
        yield Company(address=address, provider=provider, odd=odd, home=home, log=log, process=process)
    told = log.read_text("utf-8")
    assert all(json.loads(line)["message"] for line in told.splitlines() if line.startswith("{"))
    assert "Traceback" not in told
    assert not re.search(r"@example\.com|code=|127\.0\.0\.1:\d", told), told


def arrive(page: Page, company: Company, who: str | None, path: str = "/", odd: bool = False) -> None:
    """Goes to a page, and signs in there as somebody (None: as the odd provider says)."""
    page.set_default_timeout(SHOWS_WITHIN)
    page.goto(f"{company.address}{path}")
    sign_in(page, who, odd=odd)


def sign_in(page: Page, who: str | None, odd: bool = False) -> None:
    """From the sign-in page to the provider and back."""
    page.get_by_role("button", name="Sign in with Odd" if odd else "Sign in", exact=True).click()
    if who is not None:
        page.locator("input[name=sub]").fill(who)
        page.get_by_role("button", name="Authorize").click()


def sees(page: Page, place: str, whole: bool = True) -> None:
    """Waits until the picture of a place is drawn: all of it, or its header."""
    is_there = "name => document.querySelector('.op-crumbs [aria-current=page]')?.innerText.trim() === name"
    page.wait_for_function(is_there, arg=place)
    if whole:
        page.locator(".op-strip").first.wait_for()


def sees_nothing(page: Page, words: str) -> float:
    """Waits for the sentence of a closed door; seconds it took. Nothing of a picture may be on the page."""
    begun = time.monotonic()
    page.locator(SIGNED_OUT).get_by_text(words).wait_for()
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_function(
        "!document.querySelector('.op-header, .op-strip, .op-children, .op-cue, canvas, .vega-embed')"
    )
    return time.monotonic() - begun


def only_here(context: BrowserContext) -> BrowserContext:
    """Asks nothing of any other host than this machine."""
    context.route(re.compile(r"^https?://(?!localhost[:/]|127\.0\.0\.1[:/])"), lambda route: route.abort())
    return context


def login_address(company: Company, name: str = "odd") -> str:
    """Where the sign-in button leads, as the app writes it."""
    told = jwt.encode({"alg": "HS256"}, {"provider": name, "exp": int(time.time()) + 60}, OctKey.import_key(SECRET))
    return f"{company.address}/auth/login?provider={told}"


def by_hand(company: Company, client: httpx.Client) -> httpx.Response:
    """Signs in through the odd provider without a browser; the answer of the way back."""
    asked = client.get(login_address(company))
    consent = httpx.get(asked.headers["location"])
    return client.get(consent.headers["location"])


def overheard(
    company: Company, page: str, query: str = "", cookies: str = "", protocols: Sequence[str] = ("streamlit",),
    origin: str | None = "",
) -> list[ForwardMsg]:  # fmt: skip
    """Every message of one run of a page over the raw websocket. `origin` is the app's own unless it is given."""
    headers = {"Cookie": cookies} if cookies else {}
    with connect(
        f"{company.address.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=list(protocols),  # type: ignore[arg-type]
        max_size=None,
        origin=(company.address if origin == "" else origin),  # type: ignore[arg-type]
        additional_headers=headers,
        open_timeout=30,
    ) as wire:
        ask = BackMsg()
        ask.rerun_script.query_string, ask.rerun_script.page_name = query, page
        wire.send(ask.SerializeToString())
        found: list[ForwardMsg] = []
        while not found or found[-1].WhichOneof("type") != "script_finished":
            message = ForwardMsg()
            message.ParseFromString(wire.recv(timeout=60))  # type: ignore[arg-type]
            found.append(message)
        return found
