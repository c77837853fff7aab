"""Themes that last: saved with their numbers and names, and given to later reviews."""

from reviewlens.themes.assignment import assign, digest, keeps, said_by, themes_of
from reviewlens.themes.correspondence import Refit, match_themes
from reviewlens.themes.creation import adopt, make_set, merged, required, split
from reviewlens.themes.model import DEFAULT_SET, Member, Theme, ThemeSet
from reviewlens.themes.recentred import recentred
from reviewlens.themes.rows import row_of, rows_of, set_of
from reviewlens.themes.saved import Themes, assigning, finish, news_of, saved_themes, settle
from reviewlens.themes.summaries import ThemeList, ThemeSummary, list_themes

__all__ = [
    "DEFAULT_SET",
    "Member",
    "Refit",
    "Theme",
    "ThemeList",
    "ThemeSet",
    "ThemeSummary",
    "Themes",
    "adopt",
    "assign",
    "assigning",
    "digest",
    "finish",
    "keeps",
    "list_themes",
    "make_set",
    "match_themes",
    "merged",
    "news_of",
    "recentred",
    "required",
    "row_of",
    "rows_of",
    "said_by",
    "saved_themes",
    "set_of",
    "settle",
    "split",
    "themes_of",
]
