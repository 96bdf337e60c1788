"""In which order the files of tests are run: what takes long comes first, so that no core is left alone at the end.

Seconds on two cores that do nothing else, rounded; a file that is not named takes less than the last of these. Order
changes no result, and a file that grew or went costs only some balance.
"""

from __future__ import annotations

SECONDS = {
    "soundness/test_privacy.py": 150,
    "e2e/test_signing_in.py": 150,
    "data/mappings/test_us_partd.py": 65,
    "dashboard/test_cli.py": 60,
    "e2e/test_looks.py": 60,
    "data/erasure/test_erase.py": 55,
    "soundness/test_cascade.py": 50,
    "soundness/test_oracle.py": 50,
    "soundness/test_firewall.py": 50,
    "soundness/test_kills.py": 45,
    "soundness/test_bad_input.py": 40,
    "data/mappings/test_clindata.py": 35,
    "data/test_company.py": 30,
    "data/test_snapshot.py": 30,
    "soundness/test_differencing.py": 28,
    "metrics/test_subjects.py": 25,
    "e2e/test_leader.py": 20,
    "e2e/test_reader_of_cues.py": 20,
    "metrics/test_own_rows.py": 20,
    "data/test_placement.py": 18,
    "soundness/test_findings_name_nobody.py": 18,
    "soundness/test_hostile_commands.py": 18,
    "soundness/test_oracle_commands.py": 18,
    "dashboard/test_views.py": 16,
    "dashboard/test_keeping.py": 15,
    "data/mappings/test_england.py": 15,
    "data/test_checks.py": 14,
    "soundness/test_hostile.py": 14,
    "metrics/test_compiler.py": 13,
    "soundness/test_attacks.py": 13,
}


def seconds(path: str) -> int:
    """How long a file of tests takes, by its path under tests/; 0 where it takes little."""
    return SECONDS.get(path, 0)
