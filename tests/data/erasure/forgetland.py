"""Forgetland: Smallco with addresses, a second file that names its people, a rep, a study site, an unreadable row.

Of Smallco's six invented physicians Person 3 (NPI 1000000038) is the one whom the tests erase. What is known of
them: 8 weeks of 2 Alfa and 10 Rival scripts at SC_N2, a name, an e-mail address, where they work, a row in
quarantine. The rep Osk Varnay (staff id 9VX1) stands in SC_N2, saw Person 3 on the last four Fridays and was away
on one Monday. Ulla Brackwith (NPI 1000000061) is known by the study site that she runs alone.
"""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path

from data.conform import import_paths
from data.workspace import Workspace
from metrics.build import build
from tests import smallco

NPI, NAME, MAIL, NODE = "1000000038", "Marla Quennerby", "m.quennerby@clinic.example", "SC_N2"
ZIP, NORTH, EAST = "59821", "47.11973", "-113.99231"
STAFF, REP = "9VX1", "Osk Varnay"
PI, INVESTIGATOR = "1000000061", "Ulla Brackwith"
NAMES = ("Ada Windle", "Bo Carrick", "Cy Dunmore", NAME, "Di Eastley", "Bo Carrick")


ADDRESS = 'city = "city_name"\npostcode = "zip"\nlatitude = "north"\nlongitude = "east"'
MORE = """
[[source]]
id = "staff"
file = ["staff*"]
headers = ["staff_id", "staff_name", "seat"]
[[source.target]]
table = "people"
[source.target.columns]
ref = "'user:' || staff_id"
kind = "'user'"
name = "staff_name"
[[source.target]]
table = "roster"
[source.target.columns]
actor = "'user:' || staff_id"
role = "'rep'"
hierarchy = "'field'"
node = "seat"
team = "'core'"
status = "'active'"

[[source]]
id = "visit"
file = ["visit*"]
headers = ["visit", "staff_id", "npi", "day"]
[[source.target]]
table = "interaction"
[source.target.columns]
interaction = "visit"
call_id = "visit"
party = "'npi:' || npi"
actor = "'user:' || staff_id"
hierarchy = "'field'"
node = "'SC_N2'"
channel = "'in_person'"
period_start = "CAST(day AS DATE)"
period_end = "CAST(day AS DATE)"
quantity = "1"

[[source]]
id = "away"
file = ["away*"]
headers = ["staff_id", "away_on"]
[[source.target]]
table = "time_off"
[source.target.columns]
actor = "'user:' || staff_id"
hierarchy = "'field'"
node = "'SC_N2'"
period_start = "CAST(away_on AS DATE)"
period_end = "CAST(away_on AS DATE)"
quantity = "1"

[[source]]
id = "place"
file = ["place*"]
headers = ["place_no", "study_no", "pi_npi", "pi_name", "place_zip"]
[[source.target]]
table = "people"
[source.target.columns]
ref = "'npi:' || pi_npi"
kind = "'hcp'"
npi = "pi_npi"
name = "pi_name"
[[source.target]]
table = "study"
[source.target.columns]
study = "study_no"
name = "study_no"
[[source.target]]
table = "site"
[source.target.columns]
site = "'code:' || study_no || '-' || place_no"
study = "study_no"
investigator = "'npi:' || pi_npi"
[[source.target]]
table = "party"
[source.target.columns]
party = "'code:' || study_no || '-' || place_no"
kind = "'site'"
postcode = "place_zip"
"""


def files() -> dict[str, str | bytes]:
    """The exports by name; two of the six bear one name, a goals file is packed, a row of Person 3 has no number."""
    where = f"{ZIP},{NORTH},{EAST}"
    who = "".join(
        f"{npi},{name},{MAIL if npi == NPI else ''},C{n % 2},{where if npi == NPI else ',,'}\n"
        for n, (npi, name) in enumerate(zip(smallco.NPIS, NAMES, strict=True))
    )
    visits = "".join(f"V{n},{STAFF},{NPI},{day}\n" for n, day in enumerate(smallco.WEEKS[-4:]))
    rx = smallco.rx(f"{NPI},Alfa,2026-11-13,many")
    return {
        **smallco.exports(),
        "rx.csv.gz": gzip.compress(rx.encode(), mtime=0),
        "hcp.csv": "npi,name,email,city,zip,north,east\n" + who,
        "staff.csv": f"staff_id,staff_name,seat\n{STAFF},{REP},{NODE}\n",
        "visit.csv": "visit,staff_id,npi,day\n" + visits,
        "away.csv": f"staff_id,away_on\n{STAFF},{smallco.WEEKS[-1] - timedelta(days=4)}\n",
        "place.csv": f"place_no,study_no,pi_npi,pi_name,place_zip\n101,ST-1,{PI},{INVESTIGATOR},{ZIP}\n",
        "smallco.toml": smallco.MAPPING.replace('file = ["hcp*"]\nheaders = ["npi", "name", "city"]',
                                            'file = ["hcp*"]\nheaders = ["npi", "name", "email", "city"]')
            .replace('city = "city_name"', ADDRESS) + MORE,
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
