"""Labels that are kept with the reviews: what `classify` wrote, listed, renamed and dropped."""

from reviewlens.labels.saved import LabelColumn, LabelList, Labels

__all__ = ["LabelColumn", "LabelList", "Labels"]
