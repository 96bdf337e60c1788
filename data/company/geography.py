"""Geography: the hierarchies' nodes and the cities, with the realignment of 1 July 2026.

A larger company works the same country with more people: each district stands there several times, side by side in
the same cities, and so do the regions above them. Every story is told of the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from data.company.cities import NO_TERRITORY, TERRITORIES

REGIONS = {"US_NE": "Northeast", "US_SO": "South", "US_CE": "Central", "US_WE": "West"}

DISTRICTS = {
    "US_NE_BOS": "Boston district",
    "US_NE_NYC": "New York district",
    "US_NE_PHI": "Philadelphia district",
    "US_SO_WAS": "Washington district",
    "US_SO_ATL": "Atlanta district",
    "US_SO_FLA": "Florida district",
    "US_CE_CHI": "Chicago district",
    "US_CE_DET": "Great Lakes district",
    "US_CE_MSP": "Plains district",
    "US_WE_TEX": "Texas district",
    "US_WE_DEN": "Mountain district",
    "US_WE_LAX": "Pacific district",
}

REALIGNED = np.datetime64("2026-07-01")

# City -> territory from the realignment on: four moves, one of them across districts.
MOVES = {
    ("Winston-Salem", "NC"): "US_SO_ATL_2",
    ("Greensboro", "NC"): "US_SO_ATL_2",
    ("El Paso", "TX"): "US_WE_DEN_4",
    ("Springfield", "IL"): "US_CE_CHI_2",
    ("Toledo", "OH"): "US_CE_DET_1",
}

MSL_OF_DISTRICT = {
    "US_NE_BOS": "MED_E_1", "US_NE_NYC": "MED_E_2", "US_NE_PHI": "MED_E_3", "US_SO_WAS": "MED_E_3",
    "US_SO_ATL": "MED_S_1", "US_SO_FLA": "MED_S_2", "US_WE_TEX": "MED_S_3",
    "US_CE_CHI": "MED_W_1", "US_CE_DET": "MED_W_1", "US_CE_MSP": "MED_W_2",
    "US_WE_DEN": "MED_W_3", "US_WE_LAX": "MED_W_4",
}  # fmt: skip

IN_A_REGION = 4  # districts of one kind that one region holds


def msl_of(district: str) -> str:
    """The MSL territory that a district lies in; nothing for none."""
    return MSL_OF_DISTRICT.get(re.sub(r"[0-9]", "", district), "")


MEDICAL_NAMES = {
    "MED": "US Medical", "MED_E": "Medical East", "MED_S": "Medical South", "MED_W": "Medical Central and West",
    "MED_E_1": "MSL New England", "MED_E_2": "MSL New York", "MED_E_3": "MSL Mid-Atlantic",
    "MED_S_1": "MSL Southeast", "MED_S_2": "MSL Florida", "MED_S_3": "MSL Texas", "MED_W_1": "MSL Great Lakes",
    "MED_W_2": "MSL Plains", "MED_W_3": "MSL Mountain", "MED_W_4": "MSL Pacific",
}  # fmt: skip

OVERLAY_NAMES = {
    "OVL": "Cardiology overlay", "OVL_NE": "Cardiology Northeast", "OVL_SO": "Cardiology South",
    "OVL_CE": "Cardiology Central", "OVL_WE": "Cardiology West",
}  # fmt: skip


@dataclass(frozen=True)
class Geography:
    """Territories and cities. `before` and `after` index a city's territory; -1 = no territory."""

    regions: dict[str, str]  # name by id
    districts: dict[str, str]
    territories: np.ndarray  # ids, as in Territory2.DeveloperName
    names: np.ndarray
    cities: np.ndarray
    states: np.ndarray
    zips: np.ndarray
    latitudes: np.ndarray
    longitudes: np.ndarray
    weights: np.ndarray
    before: np.ndarray
    after: np.ndarray

    def index(self, territory: str) -> int:
        """The position of a territory by its id."""
        return int(np.flatnonzero(self.territories == territory)[0])


def parent(node: str) -> str | None:
    """The node above, which in this company is the id without its last part."""
    return node.rpartition("_")[0] or None


def draw_map(copies: int = 1) -> Geography:
    """Reads the city table into arrays, `copies` times, and applies the moves of the realignment to the first."""
    ids: list[str] = []
    names: list[str] = []
    rows: list[tuple[str, str, str, float, float, float, int]] = []
    for copy in range(copies):
        for line in TERRITORIES.strip().splitlines():
            if line.startswith("="):
                node, name = (part.strip() for part in line[1:].split("|"))
                ids.append(_nth(node, copy))
                names.append(_named(name, copy))
            else:
                rows.append(_city(line, len(ids) - 1))
    first = len(ids) // copies
    rows += [_city(line, -1) for line in NO_TERRITORY.strip().splitlines()]
    columns = list(zip(*rows, strict=True))
    moves = {city: ids.index(node) for city, node in MOVES.items()}
    after = [moves.get((row[0], row[1]), row[6]) if 0 <= row[6] < first else row[6] for row in rows]
    districts = {_nth(node, copy): _named(name, copy) for copy in range(copies) for node, name in DISTRICTS.items()}
    regions = {
        _nth(node, copy): _named(name, copy // IN_A_REGION)
        for copy in range(0, copies, IN_A_REGION)
        for node, name in REGIONS.items()
    }
    return Geography(
        regions, districts,
        np.array(ids), np.array(names), np.array(columns[0]), np.array(columns[1]), np.array(columns[2]),
        np.array(columns[3]), np.array(columns[4]), np.array(columns[5]), np.array(columns[6]), np.array(after),
    )  # fmt: skip


def _nth(node: str, copy: int) -> str:
    """The id of a node's further copy: US_NE_BOS_1, US_NE_BOS2_1, US_NE2_BOS_1."""
    nation, region, *rest = node.split("_")
    upper, lower = divmod(copy, IN_A_REGION)
    region += str(upper + 1) if upper else ""
    if rest and lower:
        rest[0] += str(lower + 1)
    return "_".join((nation, region, *rest))


def _named(name: str, copy: int) -> str:
    return f"{name} {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[copy]}" if copy else name


def _city(line: str, territory: int) -> tuple[str, str, str, float, float, float, int]:
    name, state, zip_code, north, east, weight = (part.strip() for part in line.split("|"))
    return name, state, zip_code, float(north), float(east), float(weight), territory


def nodes(geography: Geography) -> list[tuple[str, str]]:
    """Every node of the field, medical and overlay hierarchies as (id, name), parents first."""
    field = {"US": "United States", **geography.regions, **geography.districts}
    field |= dict(zip(geography.territories.tolist(), geography.names.tolist(), strict=True))
    return [*field.items(), *MEDICAL_NAMES.items(), *OVERLAY_NAMES.items()]
