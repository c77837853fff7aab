"""One file a question, asked of all reviews or a slice: pure functions, no Milvus, no encoder."""
