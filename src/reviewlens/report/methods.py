"""How a report was computed, in sentences."""

from __future__ import annotations

from dataclasses import replace

from reviewlens.report.results import Report


def method_of(report: Report) -> Report:
    """Return a report that tells how it was computed."""
    length = len(report.periods)
    told = [
        f"Reviews from {report.first} to {report.last} (UTC) are compared with those of "
        f"{report.name_before}. {report.looked_at:,} reviews, none of after {report.last}, were "
        f"looked at; filters: {report.filters}.",
        "Figures in brackets are 95 % intervals: Wilson's for shares, Student's for mean stars, "
        "Welch's for their difference, Newcombe's for the difference of shares. That of the number "
        "of reviews a day takes them to come independently of each other. “May be chance” means "
        "that the interval holds no change.",
    ]
    if report.themes:
        source = (
            "the saved ones"
            if report.themes_saved
            else "found for this report and not saved, so that those of the next may be others"
        )
        told.append(
            f"Themes are {source}. A theme's share is of all reviews of the period"
            + (" that the encoder reads" if report.unread else "")
            + ". It has changed "
            "where Fisher's exact test, corrected for the number of themes by Benjamini and "
            f"Hochberg's procedure, gives 0.05 or less. “Since” is the point within the last "
            f"{length} {report.period}s where its share before differs most from its share after, "
            "if that is more than chance, corrected for the points tried and for the themes."
        )
    if report.news is not None:
        told.append(
            "News compare the reviews that came since the themes were saved with those that they "
            "were made from, among all reviews up to the last day; a theme emerges where new "
            "reviews stand together and hardly any known one is near. Themes without news are told "
            f"at a rate of at most {report.news.rate:.0%}."
        )
    told.append(
        f"Nearness in meaning is the cosine of the vectors that {report.encoder or 'the encoder'} "
        "made. Quotes are the reviews nearest to the middle of what they stand for; long ones are "
        "cut, and their id finds the whole. Oddities and copies are sought among all reviews "
        "looked at"
        + (", oddities among those that the encoder reads" if report.unread else "")
        + ", and told where they are of the period. No language model wrote any of this."
    )
    return replace(report, method=tuple(told))
