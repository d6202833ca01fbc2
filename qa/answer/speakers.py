"""Who says what a sentence says: the article, or somebody whom it quotes or reports. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citadel.qa.answer.answers import Named
from citadel.qa.answer.frames import NO_QUOTATION, Scene
from citadel.qa.answer.people import Mention, is_person
from citadel.qa.answer.referents import resolved
from citadel.qa.answer.speech import Saying, introduces, sayings

_MOSTLY = 0.4
"""With this share of quoted words a sentence is somebody's, though no verb says whose."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what a sentence says.

    Attributes:
        reported: Whether it is somebody's account rather than the article's own.
        speakers: The words that name them; none where the article speaks, or doesn't name them.
        named: Where those stand.

    """

    reported: bool
    speakers: tuple[Mention, ...] = ()
    named: Named = Named.NOWHERE


NARRATED = Attribution(reported=False)
UNNAMED = Attribution(reported=True)


def attribution(scene: Scene, place: int) -> Attribution:
    """Return who says what the sentence at a place of a scene says."""
    line = scene.lines[place]
    found = sayings(line.frame)
    if found:
        return _attributed(place, _named(scene, place, found))
    if line.quoted < _MOSTLY:
        return NARRATED
    return _attributed(place, _whose_words(scene, place))


def _attributed(place: int, speakers: tuple[Mention, ...]) -> Attribution:
    if not speakers:
        return UNNAMED
    elsewhere = [each.line for each in speakers if each.line != place]
    if not elsewhere:
        return Attribution(True, speakers, Named.HERE)
    return Attribution(True, speakers, Named.EARLIER if min(elsewhere) < place else Named.LATER)


def _named(scene: Scene, place: int, found: Sequence[Saying]) -> tuple[Mention, ...]:
    """Return who is named, each once; nothing where one of them isn't plain."""
    speakers: dict[str, Mention] = {}
    for each in found:
        mention = resolved(scene, Mention(place, *each.subject))
        if mention is None:
            return ()
        speakers.setdefault(mention.of(scene), mention)
    return tuple(speakers.values())


def _whose_words(scene: Scene, place: int) -> tuple[Mention, ...]:
    """Return whose words a quoted sentence is that names nobody itself."""
    lines, line = scene.lines, scene.lines[place]
    if line.opens_in == NO_QUOTATION:
        return ()
    # “We lost. We lost all,” she said: one quotation of several sentences.
    for other in (*range(place + 1, len(lines)), *range(place - 1, -1, -1)):
        if line.opens_in in (lines[other].opens_in, lines[other].closes_in):
            found = sayings(lines[other].frame)
            if found:
                return _named(scene, other, found)
    # “We lost,” she said. “We lost all.”: a quotation that follows another, a report, or a colon.
    before = next((n for n in range(place, -1, -1) if lines[n].opens_in != line.opens_in), None)
    if before is None or not line.is_quoted or lines[before].passage != line.passage:
        return ()
    frame = lines[before].frame
    if frame.rstrip().endswith(":") or lines[before].quoted > 0 or sayings(frame):
        return attribution(scene, before).speakers
    subject = introduces(frame)
    speaker = subject and resolved(scene, Mention(before, *subject))
    return (speaker,) if speaker is not None and is_person(scene, speaker) else ()
