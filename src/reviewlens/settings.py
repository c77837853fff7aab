"""What is meant where the user names nothing; a leaf, so that `--help` can show it at once."""

DEFAULT_URI = "./reviews.db"
DEFAULT_COLLECTION = "reviews"

LEAST_REVIEWS = 20
"""Of a group whose diversity is measured."""

LABEL_FLOOR = 0.25
"""Smallest cosine at which a described label fits a review at all.

The one at which all-MiniLM-L6-v2 finds 58 of the 60 reviews of three planted themes in the sample
reviews, with 31 others; at 0.15 it is 128 others, at 0.35 four, with 8 missed. Other encoders have
other cosines."""

QUERY_FLOOR = 0.45
"""Smallest cosine at which a review counts as one that says what a phrase says.

With six phrases for the three planted themes of the sample reviews, all-MiniLM-L6-v2 finds at this
cosine 54 of 120 reviews with one other, at 0.35 it is 94 with six others."""

TREND_REVIEWS = 5
"""Of a group that is followed over time."""

ANY_LANGUAGE = "mul"
"""Stands for every language in what an encoder reads: ISO 639-2's code for several."""
