"""Questions whose routes have another name than their methods."""

from __future__ import annotations

from fastapi import APIRouter

from reviewlens.corpus import Selection
from reviewlens.server.questions import add_question
from reviewlens.themes import Themes

router = APIRouter(tags=["questions"])

add_question(router, Themes.news, method=lambda selection: selection.themes.news)
add_question(
    router,
    Selection.compare_texts,
    path="compare",
    method=lambda selection: selection.compare_texts,
)
