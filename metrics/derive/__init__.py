"""Tables the build derives once. What a derived column gives away is declared in metrics/catalog/derived.py."""

from metrics.derive.commercial import LIKE_FOR_LIKE
from metrics.derive.run import derive
from metrics.derive.spans import grain_of, make_spans

__all__ = ["LIKE_FOR_LIKE", "derive", "grain_of", "make_spans"]
