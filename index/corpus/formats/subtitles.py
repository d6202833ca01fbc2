"""Reads subtitles and transcripts, SubRip and WebVTT: what is said, with the time it is said at."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from citadel.index.corpus.formats.document import FileContents, Part, check_length, compose
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.text_files import readable_text
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import BlockKind, Place
from citadel.index.corpus.metadata import plausible_metadata
from citadel.index.corpus.series import series_of
from citadel.index.errors import CitadelError

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?")
_GAP = re.compile(r"\n[ \t]*\n")
_TAGS = re.compile(
    r"</?(?:[biu]|c|font|lang|ruby)\b[^<>]*>|<rt\b[^<>]*>.*?</rt>|<(?:\d+:)?\d\d:\d\d\.\d{3}>"
    r"|\{\\[^{}]*\}",
    re.IGNORECASE | re.DOTALL,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+(?P<name>[^<>]+)>|</v>")
_TURN = re.compile(r"[-–—][ \t]*(?=\S)")
_SAID_LANGUAGE = re.compile(r"^language:[ \t]*(?P<code>\S+)", re.IGNORECASE | re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?؟۔…][”’»\")\]]*$")

_PAUSE = 3.0
"""Seconds of silence that end a paragraph."""

_LONG = 600
_TOO_LONG = 1_200
"""A paragraph ends with the first sentence that ends beyond _LONG, or wherever beyond this."""

_TOUCHING = 0.1
_ROLLING_SHARE = 0.3
_ROLLING_CUES = 4


@dataclass(frozen=True, slots=True)
class _Cue:
    """What is shown from one second to another: its lines but for empty ones, and who says it."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str = ""


def read_subtitles(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read what is said in paragraphs; each piece of it has its time for a place.

    Raises:
        CitadelError: No line of it says when something is said.

    """
    decoded = readable_text(data, source)
    check_length(decoded.text, source)
    web = decoded.text.startswith("WEBVTT")
    left_out = LeftOut()
    cues = list(_cues(decoded.text, left_out, web=web))
    if not cues:
        raise CitadelError(
            f"{source} has no line that says when something is said (00:00:01,000 --> "
            "00:00:04,000); save it as .txt if it is plain text."
        )
    notes = [*decoded.notes, *left_out.notes()]
    if _is_rolling(cues):
        cues = list(_unrolled(cues))
        notes.append("lines that stay on the screen while it rolls are read once")
    parts = list(_paragraphs(cues))
    text = "\n".join(part.text for part in parts)
    said = _SAID_LANGUAGE.search(decoded.text.partition("\n\n")[0]) if web else None
    stated = plausible_metadata({"language": said["code"] if said else ""}).get("language", "")
    language = {"language": detect_language(text, stated.split("-")[0])}
    return FileContents((compose({**language, **known}, parts, notes),))


def _cues(text: str, left_out: LeftOut, *, web: bool) -> Iterator[_Cue]:
    """Yield the cues of a file; a block without times goes on with the cue before it."""
    cue: _Cue | None = None
    for number, block in enumerate(_GAP.split(text.strip("\n"))):
        lines = block.split("\n")
        heads = ((n, _TIMES.fullmatch(line)) for n, line in enumerate(lines[:2], start=1))
        after, times = next(((n, match) for n, match in heads if match), (0, None))
        if times is not None:
            yield from [cue] if cue is not None else []
            shown, speaker = _shown(lines[after:], web=web)
            cue = _Cue(_seconds(times.groups()[:4]), _seconds(times.groups()[4:]), shown, speaker)
        elif web and number == 0:
            continue
        elif web and re.match(r"NOTE\b|STYLE\s*\n|REGION\s*\n", f"{block}\n"):
            kind = "notes" if block.startswith("NOTE") else "styles"
            left_out.add(f"{kind} left out", block.partition("\n")[2] or block[4:])
        elif cue is not None:
            cue = replace(cue, lines=(*cue.lines, *_shown(lines, web=web)[0]))
        else:
            left_out.add("text without a time left out", block)
    yield from [cue] if cue is not None else []


def _seconds(groups: Sequence[str | None]) -> float:
    hours, minutes, seconds, thousandths = (float(group or 0) for group in groups)
    return hours * 3600 + minutes * 60 + seconds + thousandths / float(f"1e{len(groups[3] or '')}")


def _shown(lines: Sequence[str], *, web: bool) -> tuple[tuple[str, ...], str]:
    """Return the lines of a cue without tags, and who speaks."""
    text = _TAGS.sub("", "\n".join(lines))
    voices = [match["name"].strip() for match in _VOICE.finditer(text) if match["name"]]
    if len(voices) > 1:
        text = _VOICE.sub(lambda match: f"\n- {match['name']}: " if match["name"] else "", text)
    else:
        text = _VOICE.sub("", text)
    plain = html.unescape(text) if web else text
    cleaned = (" ".join(line.split()) for line in plain.split("\n"))
    return tuple(line for line in cleaned if line), voices[0] if len(voices) == 1 else ""


def _overlap(before: _Cue, cue: _Cue) -> int:
    """Return how many lines of a cue were on the screen already."""
    if cue.start - before.end > _TOUCHING:
        return 0
    most = min(len(before.lines), len(cue.lines))
    return next((n for n in range(most, 0, -1) if before.lines[-n:] == cue.lines[:n]), 0)


def _is_rolling(cues: Sequence[_Cue]) -> bool:
    """Recognise captions that roll up: many cues repeat lines of the one before above new ones."""
    again = sum(0 < _overlap(before, cue) < len(cue.lines) for before, cue in pairwise(cues))
    return len(cues) >= _ROLLING_CUES and again >= _ROLLING_SHARE * (len(cues) - 1)


def _unrolled(cues: Sequence[_Cue]) -> Iterator[_Cue]:
    yield cues[0]
    for before, cue in pairwise(cues):
        yield replace(cue, lines=cue.lines[_overlap(before, cue) :])


def _paragraphs(cues: Sequence[_Cue]) -> Iterator[Part]:
    text = ""
    places: list[Place] = []
    before: _Cue | None = None
    for cue in cues:
        for line in _turns(cue.lines):
            if before is not None and text and _ends(text, before, cue, line):
                yield Part(BlockKind.PARAGRAPH, text, places=tuple(places))
                text, places = "", []
            said = _TURN.sub("", line, count=1) if _TURN.match(line) else line
            told = f"{cue.speaker}: {said}" if cue.speaker and not text else said
            start = len(text) + 1 if text else 0
            text = f"{text} {told}" if text else told
            if not places or places[-1].name != _time_name(cue.start):
                places.append(Place(start, _time_name(cue.start)))
            before = cue
    if text:
        yield Part(BlockKind.PARAGRAPH, text, places=tuple(places))


def _turns(lines: Sequence[str]) -> list[str]:
    """Join the lines of a cue, but for those in which somebody else begins to speak."""
    return [" ".join(turn) for turn in series_of(lines, lambda _, line: not _TURN.match(line))]


def _ends(text: str, before: _Cue, cue: _Cue, line: str) -> bool:
    """Return whether a paragraph ends before a line of a cue."""
    if cue.speaker != before.speaker or _TURN.match(line) or cue.start - before.end > _PAUSE:
        return True
    return len(text) > _TOO_LONG or (len(text) > _LONG and _SENTENCE_END.search(text) is not None)


def _time_name(seconds: float) -> str:
    whole = int(seconds)
    return f"at {whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
