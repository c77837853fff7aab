"""Commands that are derived from their questions alone; written by `make docs`."""

DERIVED: dict[str, str] = {
    "anomalies": "List the reviews that are most unlike the rest, each with why.",
    "sample": "Choose the few reviews to read instead of all; no text is chosen twice.",
}
"""The help of each, so that a list of commands need not import the questions."""
