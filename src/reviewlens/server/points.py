"""A map in one binary answer, which a browser draws from as it is."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from reviewlens.insights.layout import Layout

MEDIA_TYPE = "application/octet-stream"

DESCRIPTION = """Little endian: the length of the outline in bytes (uint32, a multiple of 4), the
outline (JSON in UTF-8, filled up with spaces), then columns of `reviews` rows: x and y (float32,
in turn), stars (float32, NaN for none), days since 1970-01-01 (int32, -2147483648 for none),
theme (int32, -1 for none), product, source and language (int32 each, places in the outline's
lists), and last the review ids (a JSON list)."""


def packed(layout: Layout) -> Response:
    """Return a map as the response that has it whole; `ETag` names this very map."""
    outline = json.dumps(
        {
            "version": layout.version,
            "method": layout.method,
            "explained": layout.explained,
            "reviews": len(layout),
            "products": layout.products.names,
            "sources": layout.sources.names,
            "languages": layout.languages.names,
            "themes": [asdict(theme) for theme in layout.themes],
            "notes": layout.notes,
        },
        ensure_ascii=False,
    ).encode("utf-8", "replace")
    outline += b" " * (-len(outline) % 4)
    columns = (
        layout.places.astype("<f4"),
        layout.stars.astype("<f4"),
        *(
            column.astype("<i4")
            for column in (
                layout.days,
                layout.clusters,
                layout.products.of_review,
                layout.sources.of_review,
                layout.languages.of_review,
            )
        ),
    )
    ids = json.dumps(layout.ids, ensure_ascii=False).encode("utf-8", "replace")
    content = b"".join(
        (
            len(outline).to_bytes(4, "little"),
            outline,
            *(column.tobytes() for column in columns),
            ids,
        )
    )
    headers = {"ETag": f'"{layout.version}"', "Cache-Control": "no-cache"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
