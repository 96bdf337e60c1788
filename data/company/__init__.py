"""The demo company: simulated with a known truth, written in the layouts that real companies own."""

from data.company.generate import SIZES, generate
from data.company.visitors import VISITORS, DemoVisitor, demo_visitors

__all__ = ["SIZES", "VISITORS", "DemoVisitor", "demo_visitors", "generate"]
