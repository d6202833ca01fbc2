"""Recognises the text of pages that are pictures, with Tesseract where that is installed.

The only module that runs it. It runs within the limits of the process that reads a file: the
memory is its own, and the time is what that process has left.
"""

from __future__ import annotations

import math
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import median

from citadel.index.corpus.formats.printed_words import RIGHT_TO_LEFT, Word, runs_backwards

NOT_INSTALLED = (
    "to have text recognised in pictures, install Tesseract, on Debian with “apt install "
    "tesseract-ocr tesseract-ocr-ara”"
)
NO_TIME = "there was no time to recognise the text of so many pictures; split the file"
ILLEGIBLE = "nothing legible was recognised in the picture"

DOTS_AN_INCH = 200
"""So that letters of a usual size are high enough for Tesseract's models, and not more."""

_POINTS_AN_INCH = 72
_LANGUAGES = {
    "ar": "ara", "de": "deu", "en": "eng", "es": "spa", "fa": "fas", "fr": "fra", "he": "heb",
    "it": "ita", "nl": "nld", "pl": "pol", "pt": "por", "ru": "rus", "tr": "tur", "uk": "ukr",
}  # fmt: skip
"""What Tesseract calls the languages (ISO 639-1) that articles may name as theirs."""

_UNNAMED = ("eng", "ara")
_SECONDS = 20.0
"""For the pages of one file, where no alarm limits them."""

_SPARE_SECONDS = 3.0
"""What is left of the time for the rest of the work on a file."""

_LEAST_SECONDS = 2.0
_SURE = 60.0
"""A page whose words are surer than that, from 0 to 100, as a mean, is legible."""

_WORD_ROW = "5"
_LINE_ROW = "4"
_USUAL_HEIGHT = 0.5
"""Lines whose heights differ by less from most of a page are set in one size: boxes end where the
letters do that happen to be in them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it looks.

    Attributes:
        width: In dots.
        height: In dots.
        grey: A byte for each dot, from black (0) to white (255), line by line from the top.
        points: How many points a dot is wide.

    """

    width: int
    height: int
    grey: bytes
    points: float


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised in a picture, or why nothing was.

    Attributes:
        words: In reading order, none where nothing was; the foot of the picture is at 0.
        why: Why there are none, "" where there are some.

    """

    words: tuple[Word, ...]
    why: str = ""


def program() -> str | None:
    """Return the path of Tesseract; None where it is not installed."""
    return shutil.which("tesseract")


class Recogniser:
    """Recognises the pages of one file, as long as there is time."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """Begin with the first page of a file of which some metadata are known."""
        self._program = program()
        self._language = known.get("language", "").split("-")[0]
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        self._end = time.monotonic() + (left - _SPARE_SECONDS if left else _SECONDS)

    @property
    def refusal(self) -> str:
        """Why the next page is not to be recognised; "" where it can be."""
        if self._program is None:
            return NOT_INSTALLED
        return NO_TIME if self._end - time.monotonic() < _LEAST_SECONDS else ""

    def recognise(self, picture: Picture) -> Recognised:
        """Return the words in a picture of a page."""
        found = self._recognised(picture)
        if self._language or not found.words:
            return found
        text = "".join(word.text for word in found.words)
        letters = len(RIGHT_TO_LEFT.findall(text))
        self._language = "ar" if runs_backwards(text) else "en"
        if letters in (0, len(text)) or self.refusal:
            return found
        # With the models of several scripts, words of one are taken for those of another.
        alone = self._recognised(picture)
        return alone if alone.words else found

    def _recognised(self, picture: Picture) -> Recognised:
        if self._program is None or self.refusal:
            return Recognised((), self.refusal)
        left = self._end - time.monotonic()
        languages = _languages(self._program, self._language)
        command = (
            self._program, "stdin", "stdout", *(("-l", languages) if languages else ()),
            "--dpi", str(round(_POINTS_AN_INCH / picture.points)), "tsv",
        )  # fmt: skip
        head = f"P5 {picture.width} {picture.height} 255\n".encode()
        try:
            done = subprocess.run(
                command,
                input=head + picture.grey,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=left,
                check=True,
                preexec_fn=lambda: _limit(left),
            )
        except subprocess.TimeoutExpired:
            return Recognised((), NO_TIME)
        except subprocess.CalledProcessError:
            return Recognised((), ILLEGIBLE)
        words = _words(done.stdout.decode("utf-8", "replace"), picture)
        return Recognised(words, "" if words else ILLEGIBLE)


def _limit(seconds: float) -> None:
    """Bound a process that may outlive this one, and let it have one thread."""
    os.putenv("OMP_THREAD_LIMIT", "1")
    most = math.ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))


@cache
def _languages(program: str, language: str) -> str:
    """Return the names of the models to use: the article's, or else the most usual ones."""
    listed = subprocess.run(
        (program, "--list-langs"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    installed = set(listed.stdout.decode("utf-8", "replace").split())
    named = _LANGUAGES.get(language)
    chosen = (named,) if named in installed else _UNNAMED
    return "+".join(name for name in chosen if name in installed)


def _words(table: str, picture: Picture) -> tuple[Word, ...]:
    """Read the table that Tesseract writes: a row for each line, and one for each of its words."""
    words: list[tuple[Word, float]] = []
    line, bottom, height = 0, 0.0, 0.0
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != len(_COLUMNS):
            continue
        level, (left, top, width, tall) = cells[0], map(int, cells[6:10])
        if level == _LINE_ROW:
            line += 1
            bottom = (picture.height - top - tall) * picture.points
            height = tall * picture.points
        elif level == _WORD_ROW and cells[11].strip():
            start = left * picture.points
            end = (left + width) * picture.points
            word = Word(cells[11].strip(), start, end, bottom, height, False, True, line)
            words.append((word, float(cells[10])))
    if not words or sum(sure for _, sure in words) < _SURE * len(words):
        return ()
    usual = median(word.size for word, _ in words)
    return tuple(
        word._replace(size=usual) if abs(word.size - usual) < _USUAL_HEIGHT * usual else word
        for word, _ in words
    )


_COLUMNS = (
    "level", "page_num", "block_num", "par_num", "line_num", "word_num", "left", "top", "width",
    "height", "conf", "text",
)  # fmt: skip
