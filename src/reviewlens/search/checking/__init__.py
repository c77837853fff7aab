"""A count checked by a person: which reviews to show, and what their judgements tell."""

from reviewlens.search.checking.estimate import CheckedEstimate, checked_estimate
from reviewlens.search.checking.strata import Draw, Strata, draw, stratify

__all__ = ["CheckedEstimate", "Draw", "Strata", "checked_estimate", "draw", "stratify"]
