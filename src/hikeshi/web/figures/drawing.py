"""Charts as SVG the page itself holds: no script, no style, coloured by the theme. The words stand in the table."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hikeshi.figures.codes import Unit
from hikeshi.figures.results import Found, Line

HEIGHT = 100
WIDE = 10
"""Of one piece of time; the picture is stretched to the tile."""


def columns(found: Found) -> SafeString:
    """One piece of time beside the other, each series a bar; the period before is the paler one behind."""
    every = [number or 0 for line in found.lines for number in (*line.numbers, *line.before)]
    highest, series = max(every, default=0) or 1, len(found.series)
    room = (WIDE - 2) / series
    pieces = []
    for place, line in enumerate(found.lines):
        for number in range(series):
            left = place * WIDE + 1 + number * room
            if line.before:
                pieces.append(("was", left, room, _share(line.before[number], highest)))
            pieces.append((f"now n{number}", left + room * 0.15, room * 0.7, _share(line.numbers[number], highest)))
    drawn = format_html_join(
        "",
        '<rect class="{}" x="{}" width="{}" y="{}" height="{}"/>',
        (
            (name, f"{left:.2f}", f"{wide:.2f}", f"{HEIGHT - high:.2f}", f"{high:.2f}")
            for name, left, wide, high in pieces
        ),
    )
    return format_html(
        '<svg class="chart-columns" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        len(found.lines) * WIDE,
        HEIGHT,
        drawn,
    )


def bar(line: Line, found: Found) -> SafeString:
    """One line's first number against the greatest, or of a hundred."""
    whole = 100 if found.series[0].unit == Unit.PERCENT else found.highest or 1
    was = _share(line.before[0], whole) if line.before else 0
    return format_html(
        '<svg class="chart-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="was" width="{}" height="10"/><rect class="now n0" y="2" width="{}" height="6"/></svg>',
        f"{was:.2f}",
        f"{_share(line.numbers[0], whole):.2f}",
    )


def _share(number: int | None, whole: int) -> float:
    return (number or 0) * HEIGHT / whole
