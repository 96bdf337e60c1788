"""Yearland: five invented physicians in two states, read by the mapping of the United States out of small files.

Claims, class and of it the brand; meals of the brand. 0 is a count that the source hid.
                      nasal steroids (Nasonex)      oral opioids (OxyContin)     nerve pain (Lyrica)
                      2013          2014            2013        2014             2013
    A  Orlando        300/120  2    320/130  3      200/0       210/0            400/150  4
    B  Orlando        200/0         220/0    1
    C  Miami                        150/100
    D  no ZIP, FL     500/250  5    450/200                     120/20
    E  no ZIP, GA     110/0
Both of Orlando live in ZIP 32801 (Orange County), C in 33101 (Miami-Dade County). Nobody here exists.
"""

from __future__ import annotations

from pathlib import Path

from data.conform import ImportReport, import_paths
from data.workspace import Workspace

MASTER = """NPI,doc_specialty,doc_city,doc_state,zip_partd
1000000001,Allergy,ORLANDO,FL,32801
1000000002,Family Practice,ORLANDO,FL,32801
1000000003,Family Practice,MIAMI,FL,33101
1000000004,Family Practice,TAMPA,FL,
1000000005,Family Practice,ATLANTA,GA,
"""
ZIPS = """zip_code,county,state,country
32801,Orange County,FL,US
33101,Miami-Dade County,FL,US
33102,Miami-Dade County,FL,US
00601,Adjuntas Municipio,PR,US
"""
STATES = "abbr,full\nFL,Florida\nGA,Georgia\nPR,Puerto Rico\n"
HEADER = (
    "year,drug_class,NPI,total_class_claims,total_target_claims,total_class_drug_cost,total_target_drug_cost,"
    "total_target_payment_number\n"
)
CLAIMS = (
    ("2013", "nasal_steroids", "1", 300, 120, "2"),
    ("2014", "nasal_steroids", "1", 320, 130, "3"),
    ("2013", "oral_opioids", "1", 200, 0, ""),
    ("2014", "oral_opioids", "1", 210, 0, ""),
    ("2013", "neuropathic_pain", "1", 400, 150, "4"),
    ("2013", "opioids", "1", 40, 40, "9"),
    ("2013", "nasal_steroids", "2", 200, 0, ""),
    ("2014", "nasal_steroids", "2", 220, 0, "1"),
    ("2014", "nasal_steroids", "3", 150, 100, ""),
    ("2013", "nasal_steroids", "4", 500, 250, "5"),
    ("2014", "nasal_steroids", "4", 450, 200, ""),
    ("2014", "oral_opioids", "4", 120, 20, ""),
    ("2013", "nasal_steroids", "5", 110, 0, ""),
)


def files(folder: Path) -> Path:
    """Write Yearland's files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        f"{year},{klass},100000000{who},{all_},{own},{all_}.5,{own}.25,{meals}\n"
        for year, klass, who, all_, own, meals in CLAIMS
    ]
    told = {
        "hcp_class_year.csv": HEADER + "".join(rows),
        "hcp_master.csv": MASTER,
        "zipcodes.csv": ZIPS,
        "statepop.csv": STATES,
    }
    for name, text in told.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def imported(folder: Path) -> tuple[Workspace, ImportReport]:
    """A workspace into which Yearland was imported, and the account of it."""
    workspace = Workspace.create(folder / "home")
    return workspace, import_paths(workspace, [files(folder / "exports")], "us_partd")
