"""Text: passages, words, and texts that say nothing."""
