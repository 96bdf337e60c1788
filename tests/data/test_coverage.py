"""Coverage tells the span of each feed, market by market where its products are in several."""

from __future__ import annotations

from pathlib import Path

from tests.data.handmade import ITEMS, imported, months, staged

TOLD = "basket, grain, CAST(first AS VARCHAR), CAST(last AS VARCHAR), published"
MARKETS = (
    ITEMS.replace("product = \"'p'\"", 'product = "practice"')
    + """
[[reference]]
table = "product"
rows = [
  { product = "A", name = "A", own = true },
  { product = "B", name = "B", own = false },
  { product = "C", name = "C", own = true },
]
[[reference]]
table = "basket"
rows = [{ basket = "ab", product = "A" }, { basket = "ab", product = "B" }, { basket = "c", product = "C" }]
"""
)


def test_each_market_has_its_own_span(tmp_path: Path) -> None:
    rows = ("A,2024-01-01,1", "B,2024-03-01,1", "C,2024-01-01,1", "C,2024-02-01,1")
    workspace = imported(tmp_path, MARKETS, {"items.csv": months(*rows)})
    assert staged(workspace, "coverage", TOLD) == [
        ("ab", "month", "2024-01-01", "2024-03-31", False),
        ("c", "month", "2024-01-01", "2024-02-29", False),
    ]


def test_a_product_of_no_market_is_covered_by_itself(tmp_path: Path) -> None:
    rows = ("A,2024-01-01,1", "C,2024-02-01,1", "Z,2024-03-01,1")
    workspace = imported(tmp_path, MARKETS, {"items.csv": months(*rows)})
    assert [(basket, last) for basket, _, _, last, _ in staged(workspace, "coverage", TOLD)] == [
        ("ab", "2024-01-31"),
        ("c", "2024-02-29"),
        (None, "2024-03-31"),
    ]


def test_a_feed_of_one_market_is_told_as_a_whole(tmp_path: Path) -> None:
    workspace = imported(tmp_path, MARKETS, {"items.csv": months("A,2024-01-01,1", "B,2024-03-01,1")})
    assert staged(workspace, "coverage", TOLD) == [(None, "month", "2024-01-01", "2024-03-31", False)]
