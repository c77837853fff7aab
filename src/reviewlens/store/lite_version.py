"""The versions of Milvus Lite whose inside is known to the modules called `lite_…`.

They use what Milvus Lite does not document: its files, its service inside this process, its
loggers, and parts of it that they replace. `tests/unit/store/test_lite_inside.py` has a test for
each name that is used, which fails where a version no longer has it or does otherwise.
"""

from __future__ import annotations

KNOWN = ("3.2.2",)
"""Before one is added: run that test with it, and compare the files that it names."""


def is_known() -> bool:
    """Return whether the version installed is one of them; the inside of others is left alone."""
    import milvus_lite

    return milvus_lite.__version__ in KNOWN
