"""Elements and attributes of XML by their names alone, in whatever namespace they are. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree


def name_of(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of a name."""
    return (child for child in element if name_of(child) == name)


def descendants(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield an element and all that it holds, as far as they have a name, in order."""
    return (each for each in element.iter() if name_of(each) == name)


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute; "" where there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""
