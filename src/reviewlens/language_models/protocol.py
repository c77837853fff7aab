"""What every language model offers, wherever it runs."""

from __future__ import annotations

from typing import Protocol


class LanguageModel(Protocol):
    """Writes a text that an instruction asks for."""

    @property
    def name(self) -> str:
        """What the model is called where it runs."""

    @property
    def address(self) -> str:
        """Where texts are sent, without a password."""

    def complete(self, instruction: str, text: str) -> str:
        """Return what the model writes.

        Args:
            instruction: What it is to do; ours.
            text: What it is to do it with; holds the words of others.

        Raises:
            LanguageModelError: It cannot be reached, refuses, or gives nothing.
        """
