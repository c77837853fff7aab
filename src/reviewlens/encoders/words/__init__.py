"""Word vectors: asked for neighbours and analogies, drawn, and made into sentence vectors."""

from __future__ import annotations

from reviewlens.encoders.words.conversion import open_vectors
from reviewlens.encoders.words.encoder import WordVectorsEncoder
from reviewlens.encoders.words.formats import PACKAGED, names_word_vectors
from reviewlens.encoders.words.vectors import WordVectors

__all__ = ["PACKAGED", "WordVectors", "WordVectorsEncoder", "names_word_vectors", "open_vectors"]
