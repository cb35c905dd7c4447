#!/usr/bin/env python3
"""Draws docs/plots/*.csv as SVG beside them. Needs Python and nothing else.

The first column of a file is the horizontal axis, each other one a line. A title and the names of
the axes are in PLOTS below.
"""

import csv
import pathlib
import sys
from html import escape

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "docs" / "plots"

# File: title, horizontal axis, vertical axis, whether each axis is logarithmic.
PLOTS = {
    "price": ("Price of a new subnet", "block", "TAO per ALPHA", False, False),
    "share": ("Emission share of one of four subnets", "TAO staked in it", "% of the block's TAO", False, False),
    "yield": ("Yield of a day, by the number of subnets", "subnets", "% of the stake", True, False),
}

COLOURS = ["#1b6ca8", "#c8553d", "#4a8c5f", "#8d6a9f"]
WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 50, 60


def read(path):
    """The names of the columns, and the columns."""
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    names, values = rows[0], [[float(cell) for cell in row] for row in rows[1:]]
    return names, list(zip(*values))


def ticks(low, high, logarithmic):
    """About six round numbers from low to high; the powers of two on a logarithmic axis."""
    if logarithmic:
        power, out = 1, []
        while power <= high:
            if power >= low:
                out.append(power)
            power *= 2
        return out
    span = high - low
    step = 10 ** len(str(int(span))) / 100 if span >= 1 else 0.01
    while span / step > 7:
        for factor in (2, 2.5, 2):
            step *= factor
            if span / step <= 7:
                break
    first = int(low / step) * step
    out = []
    while first <= high + step / 1000:
        out.append(first)
        first += step
    return out


def scale(low, high, start, end, logarithmic):
    """Where a number lies between two places of the drawing."""
    from math import log

    measure = log if logarithmic else float

    def place(value):
        part = (measure(value) - measure(low)) / (measure(high) - measure(low))
        return start + part * (end - start)

    return place


def number(value):
    """A number for an axis: no more digits than it needs."""
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"


def draw(name, path):
    """The file's lines as one SVG."""
    title, across, up, log_x, log_y = PLOTS[name]
    names, columns = read(path)
    xs, lines = columns[0], columns[1:]
    low_y, high_y = min(0, min(map(min, lines))), max(map(max, lines)) * 1.05
    place_x = scale(min(xs), max(xs), LEFT, WIDTH - RIGHT, log_x)
    place_y = scale(low_y, high_y, HEIGHT - BOTTOM, TOP, log_y)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="20" font-size="15" font-weight="bold">{escape(title)}</text>',
    ]
    for value in ticks(min(xs), max(xs), log_x):
        x = place_x(value)
        out.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{number(value)}</text>')
    for value in ticks(low_y, high_y, log_y):
        y = place_y(value)
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{number(value)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    out.append(f'<text x="{middle}" y="{HEIGHT - 22}" text-anchor="middle">{escape(across)}</text>')
    out.append(
        f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(up)}</text>'
    )
    at = LEFT
    for label, line, colour in zip(names[1:], lines, COLOURS):
        points = " ".join(f"{place_x(x):.1f},{place_y(y):.1f}" for x, y in zip(xs, line))
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out.append(f'<path d="M{at} 36h18" stroke="{colour}" stroke-width="3"/>')
        out.append(f'<text x="{at + 23}" y="40">{escape(label)}</text>')
        at += 45 + 7 * len(label)
    out.append("</svg>")
    path.with_suffix(".svg").write_text("\n".join(out) + "\n")


def main():
    missing = [name for name in PLOTS if not (FOLDER / f"{name}.csv").exists()]
    if missing:
        sys.exit(f"no {', '.join(missing)} in {FOLDER}: run `make plots`")
    for name in PLOTS:
        draw(name, FOLDER / f"{name}.csv")
        print(f"drawn: {FOLDER / name}.svg")


if __name__ == "__main__":
    main()
