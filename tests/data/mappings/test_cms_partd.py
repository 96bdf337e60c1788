"""Medicare Part D by provider and drug, of two vintages."""

from __future__ import annotations

from pathlib import Path

from tests.data.mappings.taking import Taken, frame, number


def test_part_d_of_two_vintages_with_the_year_in_the_files_name(tmp_path: Path) -> None:
    taken = Taken("cms_partd", tmp_path)
    now, then = sorted(taken.files)
    new, old = frame(taken.files, now), frame(taken.files, then, sep="\t")
    rows = taken.staged("outcome")
    rows["year"] = rows["period_start"].astype(str).str[:4]
    found = rows.groupby(["year", "subject", "product"])["quantity"].sum().astype(int).to_dict()
    expected = new.assign(n=number(new["Tot_Clms"])).groupby(["Prscrbr_NPI", "Brnd_Name"])["n"].sum()
    wanted = {("2021", f"npi:{npi}", brand): total for (npi, brand), total in expected.items()}
    wanted["2017", "npi:1000000004", "Alfa"] = int(number(old["total_claim_count"]).sum())
    assert found == wanted and found["2021", "npi:1000000004", "Alfa"] == 31, "two generic names of one brand add up"
    assert taken.total("outcome", "cost") == number(new["Tot_Drug_Cst"]).sum() + number(old["total_drug_cost"]).sum()
    coverage = taken.staged("coverage")
    assert set(coverage["grain"]) == {"year"} and set(coverage["absent"]) == {"unknown"} and coverage["published"].all()
