"""What a page is made of, read from what was sent to the browser, so that a bare page can send the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df


def shape_of(told: Sequence[tuple[tuple[int, ...], Any]]) -> dict[str, Any]:
    """The elements of one run as a tree, and how many pages there are beside it."""
    root: dict[str, Any] = {"inside": []}
    blocks: dict[tuple[int, ...], dict[str, Any]] = {}
    pages = 1
    for path, delta in told:
        if delta.DESCRIPTOR.name == "Navigation":
            pages = len(delta.app_pages)
            continue
        part = _element(delta.new_element) if delta.HasField("new_element") else _block(delta.add_block)
        if not part:
            continue
        part["at"] = path[-1]
        blocks.get(path[:-1], root)["inside"].append(part)
        if "inside" in part:
            blocks[path] = part
    _weigh(root)
    return {"parts": root["inside"], "pages": pages}


def _element(element: Any) -> dict[str, Any]:
    kind = element.WhichOneof("type")
    if kind == "html":
        return {"kind": "html", "body": element.html.body, "script": "<script" in element.html.body}
    if kind == "vega_lite_chart":
        return {"kind": "chart", "spec": json.loads(element.vega_lite_chart.spec), "table": _table(element)}
    if kind in ("button", "menu_button"):
        return {"kind": kind, "label": getattr(element, kind).label, "options": ["a", "b", "c", "d", "e"]}
    if kind == "download_button":
        return {"kind": kind, "label": element.download_button.label}
    if kind == "selectbox":
        return {"kind": kind, "label": element.selectbox.label, "options": list(element.selectbox.options)}
    if kind == "text_input":
        told = element.text_input
        return {"kind": kind, "label": told.label, "value": told.default, "placeholder": told.placeholder}
    if kind == "empty":
        return {}
    raise ValueError(f"the bare page knows no {kind} yet: teach it in tests/bench/shapes.py and bare_page.py")


def _table(element: Any) -> Any:
    chart = element.vega_lite_chart
    data = chart.datasets[0].data.data if chart.datasets else chart.data.data
    return convert_arrow_bytes_to_pandas_df(data)


def _block(block: Any) -> dict[str, Any]:
    kind = block.WhichOneof("type")
    if kind == "column":
        return {"kind": "column", "weight": block.column.weight, "inside": []}
    horizontal = kind == "flex_container" and block.flex_container.direction == 2
    return {"kind": "grid" if kind == "grid_container" else "container", "horizontal": horizontal, "inside": []}


def _weigh(part: dict[str, Any]) -> None:
    """A row whose blocks are columns is one call in Streamlit."""
    inside = part.get("inside", [])
    if inside and all(each["kind"] == "column" for each in inside):
        part["kind"], part["weights"] = "columns", [each["weight"] for each in inside]
    for each in inside:
        _weigh(each)
