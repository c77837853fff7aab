"""What is meant where the user names nothing; a leaf, so that `--help` can show it at once."""

DEFAULT_URI = "./reviews.db"
DEFAULT_COLLECTION = "reviews"
