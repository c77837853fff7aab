"""The main points of a report, in sentences."""

from __future__ import annotations

from dataclasses import replace

from reviewlens.document import agreed
from reviewlens.insights.news import News
from reviewlens.report.phrases import count, more_stars, ratio, stars, sure
from reviewlens.report.results import Claim, Report, ReportTheme

_THEMES = 5
_NEWS = 3


def claims_of(report: Report) -> Report:
    """Return a report with its main points: what a reader who stops here should know."""
    claims = [_volume(report), _stars(report), *_themes(report)]
    if report.news is not None:
        claims += _news(report.news)
    if report.oddities:
        oddest = report.oddities[0]
        claims.append(
            Claim(
                f"{count(report.odd, 'review')} unlike the rest; the oddest: {oddest.reasons[0]}.",
                (oddest.quote,),
            )
        )
    if report.copies:
        groups = count(report.copied, "group")
        touch = "touches" if report.copied == 1 else "touch"
        quotes = report.copies[0].group.quotes[:1]
        claims.append(Claim(f"{groups} of copied reviews {touch} the period.", quotes))
    return replace(report, claims=tuple(claim for claim in claims if claim is not None))


def _volume(report: Report) -> Claim:
    now = count(report.reviews, "review")
    if report.rate_ratio is None:
        return Claim(f"{now}; none in {report.name_before} to compare with.")
    before = f"{report.reviews_before:,} in {report.name_before}"
    change = f"{ratio(report.rate_ratio)} % a day"
    beyond = "" if sure(report.rate_ratio, 1.0) else ", which may be chance"
    return Claim(f"{now}, {before}: {change}{beyond}.")


def _stars(report: Report) -> Claim | None:
    if report.stars is None:
        return None
    now = f"Mean stars {stars(report.stars)}"
    if report.stars_change is None or report.stars_before is None:
        return Claim(f"{now}; none in {report.name_before} to compare with.")
    beyond = "" if sure(report.stars_change) else ", which may be chance"
    before = f"{report.stars_before.value:.2f} in {report.name_before}"
    return Claim(f"{now}, {before}: {more_stars(report.stars_change)}{beyond}.")


def _themes(report: Report) -> list[Claim]:
    if not report.themes:
        return []
    changed = [theme for theme in report.themes if theme.significant or theme.since is not None]
    told = [Claim(_changed(report, theme), theme.quotes[:2]) for theme in changed[:_THEMES]]
    if (more := len(changed) - _THEMES) > 0:
        told.append(Claim(f"{more} more theme{agreed(more, ' has', 's have')} changed; see below."))
    if changed:
        return told
    largest = report.themes[0]
    return [
        Claim(
            f"No theme has changed beyond chance; most is said of “{largest.label}”: "
            f"{largest.reviews:,} of {report.read:,} reviews.",
            largest.quotes[:2],
        )
    ]


def _changed(report: Report, theme: ReportTheme) -> str:
    text = f"“{theme.label}”: {theme.share.value:.1%} ({theme.reviews:,} of {report.read:,})"
    if theme.significant and theme.share_before is not None:
        text += f", {theme.share_before.value:.1%} in {report.name_before}"
    if theme.since is not None:
        point = theme.since
        text += (
            f"; {point.since.value:.1%} since {point.period}, {point.before.value:.1%} before that"
        )
    return text + "."


def _news(news: News) -> list[Claim]:
    told = [
        Claim(
            f"New since the themes were saved: “{one.label}”, {count(one.reviews, 'review')} "
            f"({one.reviews_before:,} before).",
            one.quotes[:2],
        )
        for one in news.emerging[:_NEWS]
    ]
    kinds = (("shrunk", news.shrinking), ("vanished", news.vanished), ("grown", news.growing))
    for word, changes in kinds:
        told += [
            Claim(
                f"“{one.label}” has {word} since the themes were saved: {one.share.value:.1%}, "
                f"{one.share_before.value:.1%} then.",
                one.quotes[:1],
            )
            for one in changes[:_NEWS]
        ]
    return told
