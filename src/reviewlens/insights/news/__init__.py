"""What has changed since a set of themes was saved."""

from reviewlens.insights.news.changes import find_news
from reviewlens.insights.news.results import Change, Emerging, News

__all__ = ["Change", "Emerging", "News", "find_news"]
