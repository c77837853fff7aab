"""How many rows and texts of the input stand in it more than once, word for word."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence

from reviewlens.reading.model import Review

_COPY = re.compile(r"[0-9a-f]{32}~\d+")  # an id of the content, from its second row on


class Copies:
    """Counts them over a run, in 8 bytes a review.

    Attributes:
        rows: Rows that are another one once more and become reviews of their own, the first aside.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._texts = array("q")

    def add(self, reviews: Sequence[Review]) -> None:
        """Look at reviews of the input."""
        self.rows += sum(
            "~" in review.review_id and _COPY.search(review.review_id) is not None
            for review in reviews
        )
        self._texts.extend(hash(review.text) for review in reviews)

    @property
    def texts(self) -> int:
        """How many reviews have exactly the text of another one."""
        import numpy as np

        _, counts = np.unique(np.asarray(self._texts), return_counts=True)
        return int(counts[counts > 1].sum())
