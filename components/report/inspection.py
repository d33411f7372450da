"""Inspection: what a recogniser did with one clip -> one picture on a common time axis, PNG or SVG."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from components.report.pictures import STYLE
from components.speech.inspection import Inspection, Map

INK, SOFT, ORANGE = "#1b1f24", "#5b6470", "#d55e00"
# one hue from white to Okabe and Ito's blue: order is seen without telling colours apart
BLUES = LinearSegmentedColormap.from_list("blues", ["#ffffff", "#9ecbe8", "#0072b2", "#00344f"])
PHONE_FILLS = ("#eef2f6", "#dde5ed")
CONFIDENCE = LinearSegmentedColormap.from_list("confidence", ["#ffffff", "#a9d3ee"])
BAND_HEIGHT, ROW_HEIGHT, LEAST_HEIGHT = 0.15, 0.065, 1.2  # at least, in inches, so that labels have room
INCHES_PER_SECOND, LEAST_WIDTH, MOST_WIDTH = 3.0, 8.5, 36.0
MARGIN = 1.6  # inches beside the time axis, for labels
INCHES_PER_LETTER, LEAST_SIZE = 0.011, 5.0  # a letter's width for each point of its size; points
CENTRED = {"ha": "center", "va": "center", "parse_math": False}


def save_inspection(inside: Inspection, title: str, path: Path) -> Path:
    """An inspection -> the picture at `path`, whose suffix names the kind of file."""
    panels = _panels(inside)
    heights = [height for _, height, _ in panels]
    with rc_context(STYLE):
        figure = Figure(figsize=(_width(inside), sum(heights) + 1.5), layout="constrained")
        figure.get_layout_engine().set(hspace=0.02, h_pad=0.05)
        rows = figure.subplots(len(panels), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
        for axes, (name, _, draw) in zip(rows, panels, strict=True):
            draw(axes, inside)
            _dress(axes, name, inside)
        _time_axis(rows[-1], inside)
        transcript = f"“{inside.transcript}”" if inside.transcript else "no words recognised"
        figure.suptitle(
            transcript, x=0.012, ha="left", fontsize=15, fontweight="bold", parse_math=False, wrap=True
        )
        rows[0].set_title(title, loc="left", fontsize=9.5, color=SOFT, parse_math=False, pad=8)
        _save(figure, path)
    return path


def _panels(inside: Inspection) -> list[tuple]:
    """Name, height in inches and drawing of each panel, from the sound at the top to the words below."""
    panels = [("Waveform", 1.1, _wave), (inside.features.title, 1.5, _features)]
    if inside.posteriors is not None:
        bands, rows = len(inside.posteriors.bands), inside.posteriors.values.shape[1]
        height = max(LEAST_HEIGHT, BAND_HEIGHT * bands, ROW_HEIGHT * rows)
        panels.append((inside.posteriors.title, height, _posteriors))
    if inside.phones:
        panels.append(("Phones", 0.5, _phones))
    if inside.words:
        panels.append(("Words", 0.62, _words))
    return panels


def _width(inside: Inspection) -> float:
    return float(np.clip(MARGIN + INCHES_PER_SECOND * inside.clip.seconds, LEAST_WIDTH, MOST_WIDTH))


def _dress(axes: Axes, name: str, inside: Inspection) -> None:
    """The panel's name, no frame, and a hairline wherever a word begins or ends."""
    axes.set_ylabel(name, rotation=0, ha="right", va="center", fontweight="bold", labelpad=30)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="both", length=0)
    axes.set_xlim(0, inside.clip.seconds)
    for edge in sorted({edge for word in inside.words for edge in (word.begin, word.end)}):
        axes.axvline(edge, color=SOFT, linewidth=0.6, alpha=0.55, zorder=3)


def _time_axis(axes: Axes, inside: Inspection) -> None:
    axes.spines["bottom"].set_visible(True)
    axes.tick_params(axis="x", length=4)
    axes.set_xlabel("seconds")


def _wave(axes: Axes, inside: Inspection) -> None:
    samples, rate = inside.clip.samples, inside.clip.rate
    axes.plot(np.arange(len(samples)) / rate, samples, color="#0072b2", linewidth=0.5, rasterized=True)
    loudest = float(np.abs(samples).max()) * 1.05
    axes.set_ylim(-loudest, loudest)
    axes.set_yticks([])


def _features(axes: Axes, inside: Inspection) -> None:
    """Each row brought to one spread, or the first would outshine the others."""
    values = inside.features.values
    levelled = (values - values.mean(0)) / (values.std(0) + 1e-6)
    image = Map(inside.features.title, np.clip(levelled, -2.5, 2.5), inside.features.hop)
    _image(axes, image, "cividis", -2.5, 2.5)
    rows = values.shape[1]
    axes.set_yticks([0, rows - 1], ["1", str(rows)], fontsize=8)


def _image(axes: Axes, shown: Map, colours, low: float, high: float) -> None:
    frames, rows = shown.values.shape
    extent = (0, frames * shown.hop, -0.5, rows - 0.5)
    axes.imshow(
        shown.values.T,
        aspect="auto",
        origin="lower",
        extent=extent,
        cmap=colours,
        vmin=low,
        vmax=high,
        interpolation="nearest",
    )


def _posteriors(axes: Axes, inside: Inspection) -> None:
    """Probabilities in blue, in order of time from the top; the path as an orange line."""
    shown = inside.posteriors
    _image(axes, shown, BLUES, 0.0, 1.0)
    axes.invert_yaxis()
    axes.set_yticks([(band.first + band.last - 1) / 2 for band in shown.bands])
    axes.set_yticklabels([band.label for band in shown.bands], fontsize=8, parse_math=False)
    for band in shown.bands[1:]:
        axes.axhline(band.first - 0.5, color="#dfe3e8", linewidth=0.5)
    if len(shown.path):
        times = np.arange(len(shown.path) + 1) * shown.hop
        steps = np.append(shown.path, shown.path[-1])
        axes.step(times, steps, where="post", color=ORANGE, linewidth=1.3)
        # the path ends at the bottom right
        axes.text(0.01, 0.06, "line: Viterbi alignment", fontsize=8.5, color=ORANGE, transform=axes.transAxes)


def _phones(axes: Axes, inside: Inspection) -> None:
    """A box for each phone; every second label sits lower, so that short phones leave room."""
    for place, (phone, begin, end) in enumerate(phone for phone in inside.phones if phone[0] != "sil"):
        axes.axvspan(begin, end, color=PHONE_FILLS[place % 2], linewidth=0)
        size, height = _size(end - begin, phone, inside, 8.5), (0.7, 0.28)[place % 2]
        axes.text((begin + end) / 2, height, phone, fontsize=size, **CENTRED)
    axes.set_ylim(0, 1)
    axes.set_yticks([])


def _words(axes: Axes, inside: Inspection) -> None:
    """A box for each word, bluer with its confidence; the word and its confidence inside."""
    for word in inside.words:
        size = _size(word.end - word.begin, word.text, inside, 11.5)
        box = {"facecolor": CONFIDENCE(word.confidence), "edgecolor": SOFT, "linewidth": 0.6}
        axes.axvspan(word.begin, word.end, **box)
        middle = (word.begin + word.end) / 2
        axes.text(middle, 0.66, word.text, fontsize=size, fontweight="bold", color=INK, **CENTRED)
        share = f"{100 * word.confidence:.0f} %"
        small = _size(word.end - word.begin, share, inside, 8.5)
        axes.text(middle, 0.25, share, fontsize=small, color=INK, **CENTRED)
    axes.set_ylim(0, 1)
    axes.set_yticks([])


def _size(seconds: float, text: str, inside: Inspection, most: float) -> float:
    """Size in points at which a text fits into so many seconds, where it can be read at all."""
    inches = seconds * (_width(inside) - MARGIN) / inside.clip.seconds
    return float(np.clip(inches / (len(text) * INCHES_PER_LETTER), LEAST_SIZE, most))


def _save(figure: Figure, path: Path) -> None:
    with warnings.catch_warnings():
        # a script that the font lacks is drawn as boxes
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        metadata = {"Date": None} if path.suffix.lower() == ".svg" else {}
        figure.savefig(path, dpi=160, metadata=metadata)
