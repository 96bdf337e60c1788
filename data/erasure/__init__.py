"""Forgetting a person: names and outside ids leave every file of the workspace, the totals stay."""

from data.erasure.erase import Erasure, erase, prove
from data.erasure.keeping_out import keep_out, keep_out_of_exports
from data.erasure.person import REASONS
from data.erasure.proof import Proof
from data.erasure.register import only_change

__all__ = ["REASONS", "Erasure", "Proof", "erase", "keep_out", "keep_out_of_exports", "only_change", "prove"]
