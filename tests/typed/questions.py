"""What a type checker sees of questions: `make check` runs mypy over it, nothing else does.

Lines with `type: ignore` are errors that mypy must find: it would tell of one that is not needed.
"""

from __future__ import annotations

from typing import assert_type

from reviewlens import Corpus
from reviewlens.corpus import Selection
from reviewlens.insights.anomalies import Anomalies
from reviewlens.insights.clusters import Clusters
from reviewlens.results import ExportReport
from reviewlens.search.matches import Matches
from reviewlens.themes import ThemeList


def questions_have_their_real_signatures(corpus: Corpus) -> None:
    bad = corpus.where("size!=42", rating="1..2", since="2026-08", product=["Kettle"])
    assert_type(bad, Selection)
    assert_type(bad.search("arrived broken", 3, mode="dense"), Matches)
    assert_type(bad.clusters(resolution=2.0, unit="sentence", seed=1), Clusters)
    assert_type(corpus.anomalies(n=5, kinds=["outlier"]), Anomalies)  # type: ignore[list-item]
    assert_type(corpus.export("out.csv"), ExportReport)
    assert_type(corpus.themes.list(hidden=True), ThemeList)
    assert_type(corpus.size(), int)


def what_is_misspelt_or_of_another_type_is_found(corpus: Corpus) -> None:
    corpus.where(raiting="1..2")  # type: ignore[call-arg]
    corpus.clusters(resolutoin=2.0)  # type: ignore[call-arg]
    corpus.clusters(unit="word")  # type: ignore[arg-type]
    corpus.search(n="five")  # type: ignore[call-arg, arg-type]
    corpus.search("broken", rating="1..2")  # type: ignore[call-arg]
    corpus.themes.rename(3)  # type: ignore[call-arg]
