"""Language models: what writes an answer, or a name, from texts that it is given."""

from reviewlens.language_models.chat import ChatModel, language_model, read_key
from reviewlens.language_models.fences import Fence, harmless
from reviewlens.language_models.protocol import LanguageModel

__all__ = ["ChatModel", "Fence", "LanguageModel", "harmless", "language_model", "read_key"]
