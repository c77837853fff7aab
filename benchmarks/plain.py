"""What people write without reviewlens: a script of sentence-transformers and pymilvus.

The benchmarks run it: `plain.py ingest FILE DATABASE`, `plain.py search TEXT DATABASE`.
"""

from __future__ import annotations

import sys

import pandas as pd
from pymilvus import DataType, MilvusClient
from sentence_transformers import SentenceTransformer

COLLECTION = "plain"
BATCH = 500


def load_model() -> SentenceTransformer:
    from reviewlens.encoders.sources import find_model
    from setup import SAMPLE  # noqa: F401 - sets HF_HUB_OFFLINE

    return SentenceTransformer(str(find_model("all-MiniLM-L6-v2").path), device="cpu")


def ingest(file: str, database: str) -> None:
    model = load_model()
    table = pd.read_csv(file)
    table.columns = [name.lower() for name in table.columns]
    titles, texts = table["summary"].fillna(""), table["text"].fillna("")
    embedded = [f"Title: {a}; Content: {b}" for a, b in zip(titles, texts, strict=True)]
    vectors = model.encode(embedded, show_progress_bar=False, normalize_embeddings=True)
    client = MilvusClient(database)
    schema = client.create_schema()
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("text", DataType.VARCHAR, max_length=65_535)
    schema.add_field("score", DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
    index = client.prepare_index_params()
    index.add_index("vector", index_type="HNSW", metric_type="COSINE",
                    params={"M": 32, "efConstruction": 256})  # fmt: skip
    client.create_collection(COLLECTION, schema=schema, index_params=index)
    rows = [
        {"id": number, "text": text, "score": int(score), "vector": vector}
        for number, (text, score, vector) in enumerate(
            zip(embedded, table["score"], vectors, strict=True)
        )
    ]
    for start in range(0, len(rows), BATCH):
        client.insert(COLLECTION, rows[start : start + BATCH])
    client.flush(COLLECTION)
    client.close()


def search(text: str, database: str) -> None:
    model = load_model()
    client = MilvusClient(database)
    client.load_collection(COLLECTION)
    found = client.search(
        COLLECTION,
        data=[model.encode(text, normalize_embeddings=True)],
        limit=10,
        output_fields=["text", "score"],
    )
    for hit in found[0]:
        print(round(hit["distance"], 3), hit["entity"]["score"], hit["entity"]["text"][:80])
    client.close()


if __name__ == "__main__":
    {"ingest": ingest, "search": search}[sys.argv[1]](*sys.argv[2:])
