"""Tables the build derives once. What a derived column gives away is declared in metrics/catalog/derived.py."""

from metrics.derive.run import derive
from metrics.derive.spans import grain_of, make_spans

__all__ = ["derive", "grain_of", "make_spans"]
