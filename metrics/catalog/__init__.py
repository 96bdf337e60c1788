"""Every metric by name. Declarations only: what is counted, how, and what it means."""

from __future__ import annotations

from metrics.catalog import field, mail, media, medical, messages, outcomes, sites, writers
from metrics.declare import Metric

_MODULES = (outcomes, writers, field, messages, media, mail, medical, sites)
METRICS: dict[str, Metric] = {metric.name: metric for module in _MODULES for metric in module.METRICS}
