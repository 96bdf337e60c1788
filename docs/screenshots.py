"""Takes the pictures of the front page from the running app: `make screenshots`.

It serves the demo company on a free port of this machine, opens it in Chromium as its visitors and
writes PNG files beside this one. Any other name than those below is left alone.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
HOME = ROOT / ".onepicture"
COMMAND = [sys.executable, "-m", "dashboard"]
DRAWN = "[data-testid=stApp][data-test-script-state=notRunning]"
PATIENCE = 60_000


@dataclass(frozen=True)
class Picture:
    """One file: what to open, as whom, on which screen."""

    name: str
    address: str
    width: int = 1440
    height: int = 1000
    scheme: str = "light"
    whole: bool = True


PICTURES = (
    Picture("one-picture.png", "one-picture?as=leader"),
    Picture("one-picture-region-dark.png", "one-picture?as=region", scheme="dark"),
    Picture("my-cues-390.png", "cues?as=rep", width=390, height=844),
    Picture("my-cues-msl.png", "cues?as=msl"),
)


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of the demo company, made where it is missing, served while the block runs."""
    subprocess.run([*COMMAND, "demo", "--home", str(HOME)], cwd=ROOT, check=True)
    port = _free_port()
    server = subprocess.Popen([*COMMAND, "serve", "--home", str(HOME), "--port", str(port)], cwd=ROOT)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/_stcore/health"):
                break
            if server.poll() is not None:
                raise SystemExit("The server did not start; what it said is above.")
            time.sleep(0.2)
        yield f"http://localhost:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def take(browser: Browser, address: str, picture: Picture) -> None:
    """Opens one page and writes its picture once everything on it is drawn."""
    screen = {"width": picture.width, "height": picture.height}
    page = browser.new_page(viewport=screen, color_scheme=picture.scheme)  # type: ignore[arg-type]
    page.goto(f"{address}/{picture.address}")
    page.wait_for_selector(DRAWN, timeout=PATIENCE)
    page.wait_for_timeout(2_500)
    if picture.whole:
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": picture.width, "height": max(picture.height, int(tall))})
        page.wait_for_timeout(1_500)
    page.screenshot(path=HERE / picture.name)
    page.close()
    print(f"docs/{picture.name}: {(HERE / picture.name).stat().st_size / 1000:.0f} kB")  # noqa: T201


def main() -> None:
    """Takes them all."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("No Chromium is installed. Install it with: apt-get install chromium")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-quic"])
        for picture in PICTURES:
            take(browser, address, picture)
        browser.close()


if __name__ == "__main__":
    main()
