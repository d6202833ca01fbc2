"""The elements of WordprocessingML: looks of letters, styles, formulas, boxes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from citadel.index.corpus.formats.raised_text import SEAM, close_seams
from citadel.index.corpus.formats.story import Looks
from citadel.index.corpus.formats.xml_names import name_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SPACES = re.compile(r"[ \t\u00a0]+")


@dataclass(frozen=True, slots=True)
class Style:
    """A style of the document: its name, its looks, and whether it makes a list."""

    name: str
    looks: Looks
    numbered: bool = False


def read_styles(root: etree._Element | None) -> dict[str, Style]:
    """Return the styles of a document by their identifiers, each with what it is based on."""
    if root is None:
        return {}
    found = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
    styles: dict[str, Style] = {}
    for identifier, element in found.items():
        looks, numbered = Looks(), False
        chain: list[str] = []
        at: str | None = identifier
        while at is not None and at in found and at not in chain:
            chain.append(at)
            looks = looks.over(looks_of(found[at].find(f"{W}rPr")))
            numbered = numbered or found[at].find(f"{W}pPr/{W}numPr") is not None
            at = value_of(found[at].find(f"{W}basedOn"))
        name = value_of(element.find(f"{W}name")) or ""
        styles[identifier] = Style(name, looks, numbered)
    return styles


def looks_of(properties: etree._Element | None) -> Looks:
    """Return how letters with some properties look."""
    if properties is None:
        return Looks()
    strike = [_on(properties.find(f"{W}{name}")) for name in ("strike", "dstrike")]
    struck = None if strike == [None, None] else any(strike)
    alignment = value_of(properties.find(f"{W}vertAlign"))
    height = number_of(properties.find(f"{W}position"), 0)
    raised = None if alignment is None else alignment == "superscript"
    return Looks(_on(properties.find(f"{W}vanish")), struck, True if height >= 4 else raised)


def _on(switch: etree._Element | None) -> bool | None:
    """Return what a switch of Word says: on when it is there without a value."""
    if switch is None:
        return None
    return switch.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")


def value_of(element: etree._Element | None) -> str | None:
    """Return the value of a property; None for none."""
    if element is None:
        return None
    value: str | None = element.get(f"{W}val")
    return value


def number_of(element: etree._Element | None, otherwise: int) -> int:
    """Return the number that a property has, up to 1,000."""
    value = value_of(element) or ""
    return min(int(value), 1000) if value.isascii() and value.isdigit() else otherwise


def clean_text(text: str) -> str:
    """Return text with single spaces, the seams in it closed."""
    return _SPACES.sub(" ", close_seams(text)).strip()


def plain_text(element: etree._Element) -> str:
    """Return all text of an element, its paragraphs and cells apart."""
    pieces: list[str] = []
    for each in element.iter(f"{W}t", f"{W}delText", f"{W}p", f"{W}tab"):
        pieces.append((each.text or "") if name_of(each) in ("t", "delText") else " ")
    return "".join(pieces)


def formula_of(element: etree._Element) -> str:
    """Return a formula in one line; what is raised or lowered keeps its distance."""
    signs = {"sup": "^", "sub": "_", "den": "/"}
    pieces: list[str] = []
    for each in element.iter():
        name = name_of(each)
        if name in signs and "".join(each.itertext()).strip():
            pieces.append(signs[name])
        elif name == "t":
            pieces.append(each.text or "")
    return f"{SEAM}{''.join(pieces)}{SEAM}"


def text_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the outermost text boxes inside a drawing."""
    for box in element.iter(f"{W}txbxContent"):
        outer = box.getparent()
        while outer is not element and outer is not None and outer.tag != f"{W}txbxContent":
            outer = outer.getparent()
        if outer is element:
            yield box


def is_contents(control: etree._Element) -> bool:
    """Return whether an element is a table of contents."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return (value_of(gallery) or "").lower() == "table of contents"
