"""Geography: the hierarchies' nodes and the cities, with the realignment of 1 July 2026."""

from __future__ import annotations

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


def draw_map() -> Geography:
    """Reads the city table into arrays and applies the moves of the realignment."""
    ids: list[str] = []
    names: list[str] = []
    rows: list[tuple[str, str, str, float, float, float, int]] = []
    for line in TERRITORIES.strip().splitlines():
        if line.startswith("="):
            node, name = (part.strip() for part in line[1:].split("|"))
            ids.append(node)
            names.append(name)
        else:
            rows.append(_city(line, len(ids) - 1))
    rows += [_city(line, -1) for line in NO_TERRITORY.strip().splitlines()]
    columns = list(zip(*rows, strict=True))
    after = [ids.index(MOVES.get((row[0], row[1]), ids[row[6]])) if row[6] >= 0 else -1 for row in rows]
    return Geography(
        np.array(ids), np.array(names), np.array(columns[0]), np.array(columns[1]), np.array(columns[2]),
        np.array(columns[3]), np.array(columns[4]), np.array(columns[5]), np.array(columns[6]), np.array(after),
    )  # fmt: skip


def _city(line: str, territory: int) -> tuple[str, str, str, float, float, float, int]:
    name, state, zip_code, north, east, weight = (part.strip() for part in line.split("|"))
    return name, state, zip_code, float(north), float(east), float(weight), territory


def nodes(geography: Geography) -> list[tuple[str, str]]:
    """Every node of the field, medical and overlay hierarchies as (id, name), parents first."""
    field = {"US": "United States", **REGIONS, **DISTRICTS}
    field |= dict(zip(geography.territories.tolist(), geography.names.tolist(), strict=True))
    return [*field.items(), *MEDICAL_NAMES.items(), *OVERLAY_NAMES.items()]
