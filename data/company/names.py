"""Invented people: surnames put together from parts, so that they belong to nobody in particular."""

from __future__ import annotations

import numpy as np

_FIRST = (
    "Ada Alma Amir Anika Anton Aria Asha Beatriz Bela Bruno Carla Cedric Celia Clara Dara Darius Delia Dmitri "
    "Edith Elena Elias Emeka Esther Farah Felix Fiona Gideon Grace Hana Hector Helen Hugo Ida Imani Ines Ivan "
    "Jamal Joan Jonas Julia Kamal Karin Keiko Kofi Lara Leila Leon Lina Lucas Mara Marcus Mei Mila Milo Mona "
    "Nadia Nina Noor Nora Oscar Otto Paula Petra Priya Quinn Rafael Ravi Renata Rosa Ruben Sami Sara Silas Sofia "
    "Stefan Tamar Tara Theo Tomas Uma Vera Victor Wanda Xavier Yara Yusuf Zoe"
)
_HEADS = (
    "Ald Amb Arv Bal Bex Bran Brim Cald Carn Cor Dal Darr Del Dov Elm Eng Fal Fen Gar Glen Hal Harn Hes Ild Jar "
    "Kal Kel Lam Lor Mar Mer Mor Nar Nor Ost Pel Pend Quil Ram Rav Ros Sal Sel Sor Tal Tam Tor Ul Val Ver Wal Wen "
    "Yar Zel"
)
_TAILS = (
    "abury acombe adine aford agrove akova amere andez aneau anski aran asson atari aveer awell ebrook edale "
    "eford enko erley escu etti evski ibanez idou ihara inelli ingham inova iwala omede onwu orino osaki ostrom "
    "oyemi ubert ulani urst"
)

FIRST = np.array(_FIRST.split())
SURNAMES = np.array(sorted({head + tail for head in _HEADS.split() for tail in _TAILS.split()}))

HCO_KINDS = np.array(
    ["Heart Institute", "Medical Group", "University Hospital", "Primary Care Partners", "Diabetes Center"]
)


def people(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """First and last names; no two people of one call share both."""
    pairs = rng.permutation(FIRST.size * SURNAMES.size)[:count]
    return FIRST[pairs % FIRST.size], SURNAMES[pairs // FIRST.size]
