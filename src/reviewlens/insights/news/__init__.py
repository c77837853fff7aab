"""What has changed since a set of themes was saved."""

from reviewlens.insights.news.changes import FEWEST_KNOWN, FEWEST_NEW, find_news
from reviewlens.insights.news.results import Change, Emerging, NearTheme, News

__all__ = [
    "FEWEST_KNOWN",
    "FEWEST_NEW",
    "Change",
    "Emerging",
    "NearTheme",
    "News",
    "find_news",
]
