"""How the styles of an OpenDocument text look: what is hidden, struck through, raised, a title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from citadel.index.corpus.formats.xml_names import attribute, children, descendants

_TITLE = "title"


@dataclass(frozen=True, slots=True)
class _Looks:
    """How a style looks; None where it leaves that to its parent."""

    parent: str = ""
    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class OdtStyles:
    """The styles of a document, each with what it is based on."""

    _looks: Mapping[str, _Looks]

    @classmethod
    def of(cls, roots: Sequence[etree._Element | None]) -> OdtStyles:
        """Return the styles of some files of a document, those of the text itself last."""
        looks: dict[str, _Looks] = {}
        for root in roots:
            for style in [] if root is None else descendants(root, "style"):
                properties = next(children(style, "text-properties"), None)
                looks[attribute(style, "name")] = _looks_of(style, properties)
        return cls(looks)

    def hides(self, style: str) -> bool | None:
        """Return whether text in a style is hidden; None where nothing says so or otherwise."""
        return self._first(style, "hidden")

    def strikes(self, style: str) -> bool | None:
        """Return whether text in a style is struck through; None as for ``hides``."""
        return self._first(style, "struck")

    def raises(self, style: str) -> bool | None:
        """Return whether text in a style stands above the line; None as for ``hides``."""
        return self._first(style, "raised")

    def inside(self, style: str, outer: str) -> str:
        """Return the style of a span inside another: what it leaves open is as around it."""
        looks = (self.hides(style), self.strikes(style), self.raises(style))
        return style if any(look is not None for look in looks) else outer

    def is_title(self, style: str) -> bool:
        """Return whether a style, or one that it is based on, is that of a title."""
        found: set[str] = set()
        while style and style.casefold() not in found:
            looks = self._looks.get(style)
            found |= {style.casefold(), (looks.name if looks else style).casefold()}
            style = looks.parent if looks else ""
        return _TITLE in found

    def _first(self, style: str, which: str) -> bool | None:
        """Return a look of a style, or of what it is based on; None where none of them says."""
        seen: set[str] = set()
        while style in self._looks and style not in seen:
            seen.add(style)
            value: bool | None = getattr(self._looks[style], which)
            if value is not None:
                return value
            style = self._looks[style].parent
        return None


def _looks_of(style: etree._Element, properties: etree._Element | None) -> _Looks:
    shown = attribute(style, "display-name") or attribute(style, "name")
    looks = _Looks(attribute(style, "parent-style-name"), name=shown.replace("_20_", " "))
    if properties is None:
        return looks
    display = attribute(properties, "display")
    strike = attribute(properties, "text-line-through-style") or attribute(
        properties, "text-line-through-type"
    )
    position = attribute(properties, "text-position").split()
    return replace(
        looks,
        hidden=None if not display else display == "none",
        struck=None if not strike else strike != "none",
        raised=None if not position else _is_raised(position[0]),
    )


def _is_raised(position: str) -> bool:
    number = position.removesuffix("%")
    return position == "super" or (number.isdecimal() and int(number) > 0)
