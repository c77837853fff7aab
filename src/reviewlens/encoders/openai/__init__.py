"""Embeddings from a server that speaks the OpenAI protocol: OpenAI itself, or one of your own."""

from reviewlens.encoders.openai.encoder import PREFIX, OpenAIEncoder

__all__ = ["PREFIX", "OpenAIEncoder"]
