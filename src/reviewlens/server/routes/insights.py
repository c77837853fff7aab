"""Questions whose routes have another name than their methods."""

from __future__ import annotations

from fastapi import APIRouter

from reviewlens.corpus import Selection
from reviewlens.server.questions import QuestionRoute
from reviewlens.themes import Themes

router = APIRouter(tags=["questions"])

QuestionRoute(asked=Themes.news).add_to(router)
QuestionRoute(asked=Selection.compare_texts, path="compare").add_to(router)
