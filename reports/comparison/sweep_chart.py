"""A sweep as a picture that stands alone: how many recommendations each band holds for each value."""

from collections.abc import Iterator, Mapping

from markupsafe import escape

from engine.phrases import count, number
from engine.simulation import MARK, Sweep
from reports.shown import looks
from rules.pack import RulePack

WIDTH, HEIGHT = 760, 400
LEFT, TOP, RIGHT, BOTTOM = 56, 64, 16, 56
ROOM = HEIGHT - TOP - BOTTOM
MOST_LABELS = 14
"""Values that are written below the columns; above, every second or third."""


def sweep_chart(sweep: Sweep, pack: RulePack) -> str:
    """The picture as SVG, without styles or scripts, so that it may stand in a page."""
    labels = {str(name): text.label for name, text in pack.bands.items()}
    values = "; ".join(
        f"{point.value}: "
        + ", ".join(f"{n:,} {labels[band]}" for band, n in point.counts.items())
        + (f", {point.undecided:,} without a recommendation" if point.undecided else "")
        for point in sweep.points
    )
    total = max(sum(point.counts.values()) + point.undecided for point in sweep.points)
    held = f"Each column holds {count(total, 'recommendation')}."
    if sweep.undecided:
        held = f"Of {count(total, 'recommendation')}; what a column lacks is without one."
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'font-family="{escape(looks.FONTS)}" font-size="13">',
            f"<title>{escape(MARK)} recommendations by {escape(sweep.key)}</title>",
            f"<desc>{escape(values)}</desc>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#{looks.PAPER}"/>',
            _text(LEFT, 20, f"Recommendations by {sweep.key} (now {sweep.present})", weight=600),
            *_legend(labels),
            *_columns(sweep, total),
            _text(LEFT, HEIGHT - 12, f"{MARK.rstrip(':')}. {held}"),
            "</svg>",
        ]
    )


def _legend(labels: Mapping[str, str]) -> Iterator[str]:
    for n, (band, label) in enumerate(labels.items()):
        x = LEFT + n * 165
        yield f'<rect x="{x}" y="34" width="12" height="12" rx="2" fill="#{looks.BANDS[band].colours.fill}"/>'
        yield _text(x + 18, 45, label)


def _columns(sweep: Sweep, total: int) -> Iterator[str]:
    width = (WIDTH - LEFT - RIGHT) / len(sweep.points)
    every = -(-len(sweep.points) // MOST_LABELS)
    for n, point in enumerate(sweep.points):
        x = LEFT + n * width
        yield from _column(x, width, point.counts, total)
        if n % every == 0:
            yield _text(x + width / 2, HEIGHT - BOTTOM + 20, number(point.value), middle=True)


def _column(x: float, width: float, counts: Mapping[str, int], total: int) -> Iterator[str]:
    """Bands on each other, the best at the bottom."""
    y = float(TOP + ROOM)
    for band, found in counts.items():
        size = ROOM * found / total if total else 0.0
        y -= size
        if found:
            yield (
                f'<rect x="{x + 2:.1f}" y="{y:.1f}" width="{width - 4:.1f}" '
                f'height="{max(size - 1, 0.5):.1f}" fill="#{looks.BANDS[band].colours.fill}"/>'
            )
        if size >= 16 and width >= 30:
            yield _text(x + width / 2, y + size / 2 + 4, f"{found:,}", middle=True, colour=looks.PAPER)


def _text(
    x: float, y: float, words: str, *, middle: bool = False, weight: int = 400, colour: str = looks.INK
) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{anchor}{bold} fill="#{colour}">{escape(words)}</text>'
