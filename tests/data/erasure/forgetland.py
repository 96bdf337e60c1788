"""Forgetland: Smallco with an e-mail address, a second file that names its people, and a row that cannot be read.

Of Smallco's six invented physicians Person 3 (NPI 1000000038) is the one whom the tests erase. What is known of
them: 8 weeks of 2 Alfa and 10 Rival scripts at SC_N2, a name, an e-mail address, a row in quarantine.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from data.conform import import_paths
from data.workspace import Workspace
from metrics.build import build
from tests import smallco

NPI, NAME, MAIL, NODE = "1000000038", "Marla Quennerby", "m.quennerby@clinic.example", "SC_N2"
NAMES = ("Ada Windle", "Bo Carrick", "Cy Dunmore", NAME, "Di Eastley", "Bo Carrick")


def files() -> dict[str, str | bytes]:
    """The exports by name; two of the six bear one name, a goals file is packed, a row of Person 3 has no number."""
    who = "".join(
        f"{npi},{name},{MAIL if npi == NPI else ''},C{n % 2}\n"
        for n, (npi, name) in enumerate(zip(smallco.NPIS, NAMES, strict=True))
    )
    rx = smallco.rx(f"{NPI},Alfa,2026-11-13,many")
    return {
        **smallco.exports(),
        "rx.csv.gz": gzip.compress(rx.encode(), mtime=0),
        "hcp.csv": "npi,name,email,city\n" + who,
        "smallco.toml": smallco.MAPPING.replace('file = ["hcp*"]\nheaders = ["npi", "name", "city"]',
                                            'file = ["hcp*"]\nheaders = ["npi", "name", "email", "city"]'),
    }  # fmt: skip


def exported(folder: Path) -> tuple[Path, Path]:
    """Write the exports, and beside them the mapping; gives both places."""
    all_files = files()
    mapping = smallco.written(folder, {"smallco.toml": all_files.pop("smallco.toml")}) / "smallco.toml"
    all_files.pop("rx.csv")
    return smallco.written(folder / "exports", all_files), mapping


def workspace(home: Path, folder: Path, *, inside: bool = False) -> Workspace:
    """Import and build Forgetland; with `inside` its exports lie in the workspace's own folder."""
    made = Workspace.create(home)
    exports, mapping = exported(folder)
    if inside:
        for path in exports.iterdir():
            (made.exports / path.name).write_bytes(path.read_bytes())
        people = [{"npi": npi, "name": name} for npi, name in zip(smallco.NPIS, NAMES, strict=True)]
        (made.exports / "people.json").write_text(json.dumps({"people": people}), "utf-8")
        exports = made.exports
    import_paths(made, [exports], mapping=mapping)
    build(made)
    return made
