"""The Python API: one method a question."""

from reviewlens.corpus.corpus import Corpus
from reviewlens.corpus.session import pin_of

__all__ = ["Corpus", "pin_of"]
