"""Small charts as inline SVG: bars over time, bars of a ranking, dots on a map frame. Every number is in a table beside them as well."""

import math
from collections.abc import Mapping, Sequence

from coder.page import Html, tag

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 860.0, 220.0, 56.0, 28.0
_MAP_WIDTH, _MAP_HEIGHT = 900.0, 450.0
_LARGEST = 14.0  # radius of the largest dot


def columns(counts: Mapping[str, int], label: str) -> Html:
    """Bars in the order of the keys, such as months; every so many keys are named below."""
    most = max(counts.values(), default=0) or 1
    step = (_WIDTH - _LEFT) / max(1, len(counts))
    every = max(1, math.ceil(len(counts) * 62 / (_WIDTH - _LEFT)))
    drawn: list[Html] = [tag("title", label)]
    for level in _levels(most):
        y = _HEIGHT - _HEIGHT * level / most
        drawn.append(tag("line", x1=_LEFT, x2=_WIDTH, y1=f"{y + 8:.1f}", y2=f"{y + 8:.1f}", class_="frame"))
        drawn.append(tag("text", str(level), x=_LEFT - 6, y=f"{y + 12:.1f}", text_anchor="end", font_size="12"))
    for place, (name, count) in enumerate(counts.items()):
        height = _HEIGHT * count / most
        x = _LEFT + place * step
        hint = tag("title", f"{name}: {count}")
        drawn.append(
            tag(
                "rect", hint, x=f"{x:.1f}", y=f"{_HEIGHT - height + 8:.1f}", width=f"{max(1.0, step * 0.8):.1f}", height=f"{height:.1f}", class_="bar"
            )
        )
        if place % every == 0:
            drawn.append(tag("text", name, x=f"{x:.1f}", y=f"{_HEIGHT + _BOTTOM:.0f}", font_size="12"))
    return _figure(drawn, _WIDTH, _HEIGHT + _BOTTOM + 8, label)


def _levels(most: int) -> list[int]:
    """Two to five round numbers up to `most`."""
    unit = 10 ** int(math.log10(most)) if most else 1
    step = next((s for s in (unit // 2, unit, 2 * unit) if s and most // s <= 5), 5 * unit)
    return list(range(0, most + 1, max(1, step)))


def bars(counts: Mapping[str, int], label: str) -> Html:
    """Horizontal bars, one a key, its name and number beside it."""
    most, line, left = max(counts.values(), default=0) or 1, 24.0, 330.0
    drawn: list[Html] = [tag("title", label)]
    for place, (name, count) in enumerate(counts.items()):
        y = place * line + 4
        drawn.append(tag("text", name if len(name) < 48 else name[:46] + "…", x=left - 8, y=y + 15, text_anchor="end", font_size="13"))
        width = (_WIDTH - left - 80) * count / most
        drawn.append(tag("rect", x=left, y=y, width=f"{max(1.0, width):.1f}", height=line - 6, class_="bar"))
        drawn.append(tag("text", str(count), x=f"{left + width + 6:.1f}", y=y + 15, font_size="13"))
    return _figure(drawn, _WIDTH, line * len(counts) + 8, label)


def dot_map(dots: Sequence[tuple[float, float, int, str]], label: str) -> Html:
    """Dots (latitude, longitude, count, name) on a plain frame with lines of latitude and longitude: the whole world, or the part of it where the
    dots lie; area by count. No coastlines: none is drawn that a data licence would tie."""
    west, north, scale = _frame(dots)
    drawn: list[Html] = [tag("title", label), tag("rect", x=0, y=0, width=_MAP_WIDTH, height=_MAP_HEIGHT, class_="frame")]
    step = next(s for s in (1, 2, 5, 10, 30) if s == 30 or _MAP_WIDTH / scale / s <= 13)
    for degrees in range(-180, 181, step):
        x, y = (degrees - west) * scale, (north - degrees) * scale
        if 0 < x < _MAP_WIDTH:
            drawn.append(tag("line", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=0, y2=_MAP_HEIGHT, class_="frame"))
            drawn.append(tag("text", _degrees(degrees, "E", "W"), x=f"{x + 3:.1f}", y=_MAP_HEIGHT - 4, font_size="11", class_="soft"))
        if 0 < y < _MAP_HEIGHT and abs(degrees) < 90:
            drawn.append(tag("line", x1=0, x2=_MAP_WIDTH, y1=f"{y:.1f}", y2=f"{y:.1f}", class_="frame"))
            drawn.append(tag("text", _degrees(degrees, "N", "S"), x=3, y=f"{y - 3:.1f}", font_size="11", class_="soft"))
    most = max((count for _, _, count, _ in dots), default=1)
    for latitude, longitude, count, name in sorted(dots, key=lambda d: -d[2]):
        x, y = (longitude - west) * scale, (north - latitude) * scale
        radius = max(1.5, _LARGEST * math.sqrt(count / max(most, 20)))
        drawn.append(tag("circle", tag("title", f"{name}: {count}"), cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{radius:.1f}", class_="dot"))
    return _figure(drawn, _MAP_WIDTH, _MAP_HEIGHT, label)


def _frame(dots: Sequence[tuple[float, float, int, str]]) -> tuple[float, float, float]:
    """(western edge, northern edge, pixels a degree) of a frame around all dots; that of the world where they lie far apart."""
    latitudes, longitudes = [d[0] for d in dots] or [0.0], [d[1] for d in dots] or [0.0]
    width = 1.2 * max(6.0, max(longitudes) - min(longitudes), 2 * (max(latitudes) - min(latitudes)))
    if width > 180:
        return -180.0, 90.0, _MAP_WIDTH / 360
    return (min(longitudes) + max(longitudes) - width) / 2, (min(latitudes) + max(latitudes) + width / 2) / 2, _MAP_WIDTH / width


def _degrees(value: int, above: str, below: str) -> str:
    return f"{abs(value)}°{above if value > 0 else below if value else ''}"


def _figure(drawn: Sequence[Html], width: float, height: float, label: str) -> Html:
    drawing = tag("svg", *drawn, role="img", width=f"{width:.0f}", height=f"{height:.0f}", viewBox=f"0 0 {width:.0f} {height:.0f}")
    return tag("div", drawing, class_="scroll", tabindex="0", role="region", aria_label=label)
