"""Every metric by name. Declarations only: what is counted, how, and what it means."""

from __future__ import annotations

from metrics.catalog import field, media, medical, outcomes, sites, writers
from metrics.declare import Metric

METRICS: dict[str, Metric] = {
    metric.name: metric for module in (outcomes, writers, field, media, medical, sites) for metric in module.METRICS
}
