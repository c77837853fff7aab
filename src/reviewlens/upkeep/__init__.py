"""What keeps a corpus well: figures, export, delete, copy, doctor, reindex."""
