"""Documents (PDF, Markdown, plain text) as records: one for each page or section."""
