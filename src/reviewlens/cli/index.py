"""The names of all commands and their help, so that a list of them need not import them.

Written by `make docs`.
"""

COMMANDS: dict[str, str] = {
    "classify": "Give each review a label, by words, by examples, or as a saved model does.",
    "clusters": "Group reviews by what they say: size, stars and quotes of each theme.",
    "compare": "Tell which themes and words are more of the reviews A than of the reviews B.",
    "copy": "Copy every review to another Milvus, vectors and all, without encoding.",
    "count": "Count the reviews that say TEXT, for and against, by month, product and stars.",
    "delete": "Delete reviews by id or by filter, or the whole collection; asks before.",
    "diversity": "Measure how varied reviews are, by group; or choose N to read instead of all.",
    "doctor": "Check the set-up: packages, model, Milvus, disk, memory; what to do about troubles.",
    "duplicates": "Group copied reviews: word for word, nearly so, or in meaning.",
    "evaluate": "Measure how well reviews are found: index, sentences, titles, neighbours.",
    "export": "Write reviews to FILE, by its ending: .csv, .jsonl, .parquet or .xlsx.",
    "ingest": "Read reviews from tables, JSON, workbooks or documents, or - for stdin.",
    "labels": "List, rename and drop the labels that classify kept with the reviews.",
    "map": "Draw a map of reviews on which near ones say alike: HTML, PNG, SVG, or a table.",
    "reduce": "Measure what shorter vectors lose, and write a model that makes them.",
    "reindex": "Rebuild the collection from what it holds, with another --encoder or its own.",
    "report": "Write one page for a period's meeting: what came, what changed, what is odd.",
    "search": "Find the reviews that say what TEXT says, whatever words they use.",
    "serve": "Open the reviews in the browser, and answer programs by HTTP, on this machine.",
    "similar": "Find the reviews most like the review REVIEW_ID, itself left out.",
    "stats": "Count what is stored: reviews, stars, dates, products, languages, tokens.",
    "themes": "List, name and change the saved themes, and tell what is new in them.",
    "tokens": (
        "Show how TEXT, or - for stdin, is cut into tokens, and what an encoder embeds of it."
    ),
    "trends": "Count what is said over time: themes, a column or a phrase, and what has changed.",
    "words": "Ask word vectors and word counts: nearest words, analogies, pictures, angles.",
}
"""Those that modules show, each of the module of its name, but for these."""
MODULES: dict[str, str] = {
    "copy": "collection",
    "count": "search",
    "doctor": "collection",
    "similar": "search",
    "stats": "collection",
}
DERIVED: dict[str, str] = {
    "anomalies": "List the reviews that are most unlike the rest, each with why.",
    "ask": "Answer a question from the reviews, with the ids of those that say so.",
    "recommend": (
        "Recommend products or reviews for a review, a product or an author, with the reason."
    ),
    "sample": "Choose the few reviews to read instead of all; no text is chosen twice.",
}
"""Those that are derived from their questions alone."""
