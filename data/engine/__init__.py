"""The door to the engines: where rows are stored and SQL is run. Nothing outside `data` names one."""

from data.engine.duckdb import ServingRoot, building

__all__ = ["ServingRoot", "building"]
