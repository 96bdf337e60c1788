"""Smallco: six physicians, three territories, eight weeks, as four small exports; a test spoils one thing in them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

LAST = date(2026, 11, 13)
WEEKS = tuple(LAST - timedelta(days=7 * back) for back in range(7, -1, -1))
NPIS = ("1000000004", "1000000012", "1000000020", "1000000038", "1000000046", "1000000053")
TERRITORY = dict(zip(NPIS, ("SC_N1", "SC_N1", "SC_N2", "SC_N2", "SC_S1", "SC_S1"), strict=True))

MAPPING = """
name = "smallco"
published = true
not_used = [{ file = "*.md", because = "it describes the files" }]

[[reference]]
table = "hierarchy"
[[reference.rows]]
hierarchy = "field"
kind = "field"
name = "Field"
levels = "nation > region > territory"
subject = "HCP"
subject_kinds = "hcp"

[[reference]]
table = "product"
rows = [{ product = "alfa", name = "Alfa", own = true }, { product = "rival", name = "Rival", own = false }]

[[source]]
id = "rx"
file = ["rx*"]
headers = ["npi", "product", "week_ending", "trx"]
[[source.target]]
table = "outcome"
[source.target.columns]
subject_kind = "'hcp'"
subject = "'npi:' || npi"
product = "recode(product, product)"
period_start = "CAST(week_ending AS DATE) - 6"
period_end = "CAST(week_ending AS DATE)"
quantity = "trx"

[[source]]
id = "hcp"
file = ["hcp*"]
headers = ["npi", "name", "city"]
[source.join.city]
source = "city"
on = { city = "code" }
columns = { city_name = "city" }
[[source.target]]
table = "people"
[source.target.columns]
ref = "'npi:' || npi"
kind = "'hcp'"
npi = "npi"
name = "name"
[[source.target]]
table = "party"
[source.target.columns]
party = "'npi:' || npi"
kind = "'hcp'"
city = "city_name"

[[source]]
id = "city"
file = ["city*"]
headers = ["code", "city"]

[[source]]
id = "territory"
file = ["territory*"]
headers = ["node", "level", "parent", "name"]
[[source.target]]
table = "node"
[source.target.columns]
hierarchy = "'field'"
node = "node"
level = "level"
parent = "parent"
name = "name"

[[source]]
id = "aligned"
file = ["aligned*"]
headers = ["npi", "territory"]
[[source.target]]
table = "alignment"
[source.target.columns]
subject_kind = "'hcp'"
subject = "'npi:' || npi"
hierarchy = "'field'"
node = "territory"
team = "'core'"

[recode.product]
Alfa = "alfa"
Rival = "rival"
"""


def rx(*more: str, header: str = "npi,product,week_ending,trx") -> str:
    """Eight weeks of two products of six physicians, 2 and 10 scripts a week each; and the rows given."""
    rows = [f"{npi},{name},{end},{trx}" for end in WEEKS for npi in NPIS for name, trx in (("Alfa", 2), ("Rival", 10))]
    return "\n".join([header, *rows, *more]) + "\n"


def exports() -> dict[str, str]:
    """The sound exports by file name."""
    return {
        "rx.csv": rx(),
        "hcp.csv": "npi,name,city\n" + "".join(f"{npi},Person {n},C{n % 2}\n" for n, npi in enumerate(NPIS)),
        "city.csv": "code,city\nC0,Northtown\nC1,Southtown\n",
        "territory.csv": (
            "node,level,parent,name\nSC,nation,,Smallco\nSC_N,region,SC,North\nSC_S,region,SC,South\n"
            "SC_N1,territory,SC_N,Lakes\nSC_N2,territory,SC_N,Hills\nSC_S1,territory,SC_S,Coast\n"
        ),
        "aligned.csv": "npi,territory\n" + "".join(f"{npi},{node}\n" for npi, node in TERRITORY.items()),
    }


def written(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files, those of sub-folders too, and give the folder back."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
