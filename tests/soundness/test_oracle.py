"""Nothing that a visitor may not know leaves by any exit: every message of every page, and every answer of a command.

A company of canaries, its own server, real websockets: cold and warm, in both orders, two visitors at once in one
process. What each may know is told by an oracle of its own (tests/soundness/canaries.py).
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard import navigation
from dashboard.cli import run
from dashboard.exits import exits
from tests.bench.wire import Reader, free_port
from tests.soundness import canaries
from tests.soundness.messages import said

PLACES = ({}, {"node": "SM_S1a", "product": "all"}, {"node": "SM_N1a", "product": "alfa", "period": "R52"})
MORE_PLACES = tuple(
    {"node": node, "product": wanted, "period": period, "compare": compare}
    for node, wanted, period, compare in product(
        ("SM", "SM_N", "SM_S", "SM_N1", "SM_S1", "SM_N1a", "SM_N1b", "SM_S1a", "ME_R2", "S2"),
        ("all", "alfa"), ("C4W", "C13W", "QTD", "R52"), ("previous", "year"),
    )
)  # fmt: skip


@dataclass
class Witness:
    """What was compared with the oracle, and what it found."""

    messages: int = 0
    numbers: dict[str, set[int]] = field(default_factory=dict)
    leaks: list[tuple[str, str, object]] = field(default_factory=list)

    def hears(self, visitor: str, where: str, told: Any, typed: str = "") -> None:
        """Hold one message or answer against what the visitor may know; what the visitor typed may be said back."""
        self.messages += 1
        known, (text, numbers) = canaries.secrets(visitor), said(told)
        self.numbers.setdefault(visitor, set()).update(numbers)
        text = text.replace(typed, "") if typed else text
        self.leaks += [(visitor, where, word) for word in known.words if word in text]
        self.leaks += [(visitor, where, number) for number in known.numbers & numbers]


class Listener(Reader):
    """A session that keeps every message, not only what is drawn."""

    def everything(self, address: dict[str, str], name: str) -> list[Any]:
        """Every message of one run of a page."""
        ask = BackMsg()
        ask.rerun_script.query_string = "&".join(f"{key}={value}" for key, value in address.items())
        ask.rerun_script.page_name = name
        self._wire.send(ask.SerializeToString())
        found = []
        while True:
            told = ForwardMsg()
            told.ParseFromString(self._wire.recv(timeout=120))  # type: ignore[arg-type]
            found.append(told)
            if told.WhichOneof("type") == "script_finished":
                return found


def answering(port: int, patience: float = 120) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


@pytest.fixture(scope="module")
def canary_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company of canaries, built once."""
    return canaries.home(tmp_path_factory.mktemp("canaries") / "home").home


@pytest.fixture(scope="module")
def served(canary_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A server of the company: its port, and the file that its log goes to."""
    port, log = free_port(), tmp_path_factory.mktemp("log") / "server.log"
    command = [sys.executable, "-m", "dashboard", "serve", "--home", str(canary_home), "--port", str(port)]
    root = Path(__file__).parents[2]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdout=file, stderr=file
        )
        try:
            answering(port)
            yield port, log
        finally:
            process.terminate()
            process.wait(20)


def _round(witness: Witness, port: int, visitors: list[str], places: tuple[dict[str, str], ...]) -> None:
    """All pages of some visitors, two of them at once: each asks for the same page as the other."""
    sessions = {visitor: Listener(port) for visitor in visitors}

    def ask(wanted: tuple[str, str, dict[str, str]]) -> None:
        visitor, page, place = wanted
        for message in sessions[visitor].everything({"as": visitor, **place}, navigation.ADDRESSES[page]):
            witness.hears(visitor, f"{page} {place}", message, place.get("node", ""))

    try:
        with ThreadPoolExecutor(2) as two:
            for page, place in product(exits("page"), places):
                for pair in zip(visitors[::2], visitors[1::2], strict=True):
                    list(two.map(ask, [(visitor, page, place) for visitor in pair]))
    finally:
        for session in sessions.values():
            session.close()


def test_no_message_of_any_page_tells_a_visitor_what_it_may_not_know(served: tuple[int, Path]) -> None:
    """Cold in one order, warm in the other; the second visitor of each pair asks what the first has just been shown."""
    port, log = served
    witness = Witness()
    _round(witness, port, list(canaries.VISITORS), PLACES)
    _round(witness, port, list(canaries.VISITORS)[::-1], PLACES[:1])
    assert not witness.leaks, witness.leaks[:10]
    assert witness.messages > 20 * len(canaries.VISITORS) * len(exits("page"))
    made = canaries.company()
    own = made.below("SM_N1a") - {canaries.OPTED_OUT}
    by_right = {sum(made.weekly[hcp] for hcp in own), *(13 * made.weekly[hcp] for hcp in own)}
    assert by_right & witness.numbers["rep"], "what a visitor may know does arrive"
    for word in (*canaries.company().names.values(), *canaries.WORDS.values()):
        assert word not in log.read_text("utf-8", "replace"), "the log names nobody and no place"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_answer_of_a_command_tells_a_visitor_what_it_may_not_know(
    canary_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    witness, answered = Witness(), 0
    names = "trx,writers,share,calls,reach,impressions,inquiries,turnaround_median,exchanges,enrolled"
    hows = (["--product", "alfa"], ["--within", "SM_S1a"], ["--period", "2026-08..2026-09", "--within", "SM_N1a"])
    asked = [(["ask", "--metrics", names, "--by", by], how) for by in ("territory", "HCP", "site") for how in hows]
    for visitor in canaries.VISITORS:
        for what, how in (*asked, (["cues"], [])):
            out = ["--out", str(tmp_path / "answer.xlsx")] if form == "xlsx" else ["--format", form]
            if what == ["cues"] and form == "xlsx":
                continue
            code = run([*what, "--as", visitor, *how, *out, "--home", str(canary_home)])
            assert code in (0, 2, 3), code
            answered += code == 0
            told = capsys.readouterr()
            witness.hears(visitor, f"{what[-1]} {how}", [_without_the_question(told.out + told.err, how)])
            if form == "xlsx" and code == 0:
                witness.hears(visitor, f"{what[-1]} {how}", _sheets(tmp_path / "answer.xlsx"))
    assert answered > 15
    assert not witness.leaks, witness.leaks[:10]


def _without_the_question(told: str, how: list[str]) -> str:
    """An answer without the words that the asker typed: an error may say them back."""
    for word in how:
        told = told.replace(f'"{word}"', "")
    return told


def _sheets(path: Path) -> list[Any]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    return [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


@pytest.mark.parametrize("visitor", canaries.VISITORS)
def test_the_oracle_would_see_a_leak(visitor: str) -> None:
    """Each secret is found in the dress in which it would leave."""
    known, witness = canaries.secrets(visitor), Witness()
    dresses = ['<td class="n">{}</td>', '{{"values": [{{"v": {}}}]}}', "{} prescriptions", "Change to {}."]
    tried = [*sorted(known.words)[:3], *sorted(known.numbers)[:3]]
    for secret, dress in product(tried, dresses):
        before = len(witness.leaks)
        shown = secret if isinstance(secret, str) or "values" in dress else f"{secret:,}"
        witness.hears(visitor, "planted", dress.format(f'"{shown}"' if isinstance(secret, str) else shown))
        assert len(witness.leaks) > before, (secret, dress)
    assert tried or visitor == "meddir"
