"""How the styles of an OpenDocument text look: what is hidden, struck through, raised, a title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from citadel.index.corpus.formats.story import Looks
from citadel.index.corpus.formats.xml_names import attribute, children, descendants


@dataclass(frozen=True, slots=True)
class _Style:
    """A style: what it is based on, what it is called, and how it looks, as far as it says so."""

    parent: str
    name: str
    looks: Looks


@dataclass(frozen=True, slots=True)
class OdtStyles:
    """The styles of a document, each with what it is based on."""

    _styles: Mapping[str, _Style]

    @classmethod
    def of(cls, roots: Sequence[etree._Element | None]) -> OdtStyles:
        """Return the styles of some files of a document, those of the text itself last."""
        styles: dict[str, _Style] = {}
        for root in roots:
            for style in [] if root is None else descendants(root, "style"):
                name = attribute(style, "name")
                shown = (attribute(style, "display-name") or name).replace("_20_", " ")
                looks = _looks_of(next(children(style, "text-properties"), None))
                styles[name] = _Style(attribute(style, "parent-style-name"), shown, looks)
        return cls(styles)

    def looks(self, style: str) -> Looks:
        """Return how text in a style looks, by the style itself or what it is based on."""
        looks = Looks()
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            looks = looks.over(self._styles[style].looks)
            style = self._styles[style].parent
        return looks

    def inside(self, style: str, outer: str) -> str:
        """Return the style of a span inside another: one that says nothing looks as around it."""
        return outer if self.looks(style) == Looks() else style

    def is_title(self, style: str) -> bool:
        """Return whether a style, or one that it is based on, is that of a title."""
        found: set[str] = set()
        while style and style.casefold() not in found:
            own = self._styles.get(style)
            found |= {style.casefold(), (own.name if own else style).casefold()}
            style = own.parent if own else ""
        return "title" in found


def _looks_of(properties: etree._Element | None) -> Looks:
    if properties is None:
        return Looks()
    display = attribute(properties, "display")
    strike = attribute(properties, "text-line-through-style") or attribute(
        properties, "text-line-through-type"
    )
    position = attribute(properties, "text-position").split()
    return Looks(
        hidden=None if not display else display == "none",
        struck=None if not strike else strike != "none",
        raised=None if not position else _is_raised(position[0]),
    )


def _is_raised(position: str) -> bool:
    number = position.removesuffix("%")
    return position == "super" or (number.isdecimal() and int(number) > 0)
