"""Word vectors: asked for neighbours and analogies, drawn, and made into sentence vectors."""

from __future__ import annotations

from reviewlens.encoders.word_vectors.conversion import open_vectors
from reviewlens.encoders.word_vectors.encoder import WordVectorsEncoder
from reviewlens.encoders.word_vectors.formats import PACKAGED, names_word_vectors
from reviewlens.encoders.word_vectors.results import Neighbor, Neighbors, WordMap, WordPoint
from reviewlens.encoders.word_vectors.vectors import WordVectors

__all__ = [
    "PACKAGED",
    "Neighbor",
    "Neighbors",
    "WordMap",
    "WordPoint",
    "WordVectors",
    "WordVectorsEncoder",
    "names_word_vectors",
    "open_vectors",
]
