"""The door to the engines: where rows are stored and SQL is run. Nothing outside `data` names one."""

from data.engine.duckdb import Bound, ServingRoot, building

__all__ = ["Bound", "ServingRoot", "building"]
