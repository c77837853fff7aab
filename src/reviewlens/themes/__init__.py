"""Themes that last: saved with their numbers and names, and given to later reviews."""

from reviewlens.themes.assignment import assign, digest, said_by, themes_of
from reviewlens.themes.correspondence import match_themes
from reviewlens.themes.creation import adopt, make_set, merged, required, split
from reviewlens.themes.model import Member, Theme, ThemeSet
from reviewlens.themes.recentred import recentred
from reviewlens.themes.rows import row_of, rows_of, set_of
from reviewlens.themes.saved import Themes, assigning, finish, news_of, saved_themes
from reviewlens.themes.summaries import ThemeList, ThemeSummary

__all__ = [
    "Member",
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
    "split",
    "themes_of",
]
