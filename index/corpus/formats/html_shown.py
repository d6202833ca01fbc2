"""What readers of a page don't see, see struck through, or know not to be part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from lxml import etree

UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "iframe", "frame", "frameset",
     "object", "embed", "applet", "audio", "video", "canvas", "map", "select", "datalist",
     "textarea", "input", "progress", "meter", "annotation", "annotation-xml", "rp"}
)  # fmt: skip
"""Elements that hold no text of the page, or only for those who can't see the page itself."""


class Fate(Enum):
    """Why what an element holds is not quoted; the values begin a note on it."""

    HIDDEN = "hidden text left out"
    STRUCK = "struck text left out"
    FURNITURE = "left out as the page's own"
    READING_AID = "reading aids above the words left out"


_HIDDEN_STYLE = re.compile(
    r"""
    (?:^|;)\s*(?:
        display\s*:\s*none
        | visibility\s*:\s*(?:hidden|collapse)
        | opacity\s*:\s*0*(?:\.0*)?\s*(?:!important\s*)?(?:;|$)
        | font-size\s*:\s*0(?:px|em|rem|pt|%)?\s*(?:!important\s*)?(?:;|$)
        | clip\s*:\s*rect\(\s*(?:0|1px)
        | clip-path\s*:\s*inset\(\s*(?:50|100)%
        | text-indent\s*:\s*-\d{3,}
        | (?:left|top|right)\s*:\s*-\d{3,}
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_RAISED_STYLE = re.compile(
    r"vertical-align\s*:\s*super|font-variant-position\s*:\s*super"
    r"|(?:^|;)\s*top\s*:\s*-0?\.[1-9]\d*em",
    re.IGNORECASE,
)
_HIDDEN_CLASSES = frozenset(
    {"hidden", "d-none", "is-hidden", "u-hidden", "hide", "invisible", "visually-hidden",
     "visuallyhidden", "visually-hidden-focusable", "sr-only", "screen-reader-text",
     "screenreader-text", "screen-reader-only", "assistive-text", "element-invisible",
     "offscreen", "print-only", "nodisplay"}
)  # fmt: skip
_SHOWN_ON_WIDE_SCREENS = re.compile(r"(?:xs|sm|md|lg|xl|2xl|xxl):|^d-(?:sm|md|lg|xl|xxl)-")
_STRUCK_CLASSES = frozenset({"strikethrough", "line-through", "struck", "strike"})
_STRUCK_TAGS = frozenset({"s", "del", "strike"})
_FURNITURE_CLASSES = frozenset(
    {"mw-editsection", "mw-cite-backlink", "mw-jump-link", "hatnote", "navbox", "toc",
     "noprint", "catlinks", "printfooter", "sistersitebox", "ambox", "mbox-small",
     "inline-template", "skip-link", "skip-to-content", "headerlink"}
)  # fmt: skip
_FURNITURE_NAMES = frozenset(
    {"sitesub", "contentsub", "jump-to-nav", "toc", "catlinks", "mw-navigation", "mw-panel"}
)
_BACK_LINKS = re.compile(r"[\s↩↑^¶#§↵⏎\ufe0e\ufe0f]*[↩↑^¶#↵⏎][\s\ufe0e\ufe0f]*")
_RULE = re.compile(r"(?P<selectors>[^{}@]+)\{(?P<declarations>[^{}]*)\}")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CONDITIONAL = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_SIMPLE_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]*)?(?P<mark>[.#])(?P<name>[\w-]+)")
_LONGEST_STYLE = 500_000


class Appearance:
    """What the styles of a page hide, strike through or raise."""

    def __init__(self, tree: etree._Element) -> None:
        self._styles: dict[str, str] = {}
        for style in tree.iter("style"):
            for name, declarations in _simple_rules((style.text or "")[:_LONGEST_STYLE]):
                self._styles[name] = f"{self._styles.get(name, '')};{declarations}"

    def fate(self, element: etree._Element) -> Fate | None:
        """Return why what an element holds is not quoted, as far as it says so itself."""
        tag = element.tag
        if tag in ("html", "body", "main", "article"):
            return None
        classes = _classes(element)
        style = self._style(element, classes)
        if tag in _STRUCK_TAGS or classes & _STRUCK_CLASSES or _STRUCK_STYLE.search(style):
            return Fate.STRUCK
        if _is_hidden(element, classes, style):
            return Fate.HIDDEN
        name = (element.get("id") or "").lower()
        if classes & _FURNITURE_CLASSES or name in _FURNITURE_NAMES or tag in ("button", "legend"):
            return Fate.FURNITURE
        if tag in ("rt", "rtc"):
            return Fate.READING_AID
        return None

    def is_raised(self, element: etree._Element) -> bool:
        """Return whether text stands higher than its line."""
        if element.tag == "sup":
            return True
        if element.tag in ("span", "a", "small", "font", "b", "i", "em"):
            return _RAISED_STYLE.search(self._style(element, _classes(element))) is not None
        parent = element.getparent()
        return parent is not None and parent.tag == "msup" and element.getprevious() is not None

    def _style(self, element: etree._Element, classes: frozenset[str]) -> str:
        given = [self._styles.get(f".{name}", "") for name in classes]
        given.append(self._styles.get(f"#{element.get('id') or ''}", ""))
        return ";".join([*given, element.get("style") or ""])


def is_back_link(element: etree._Element) -> bool:
    """Recognise an arrow that leads from a note back to its mark, or a heading's link to itself."""
    return (
        element.tag == "a"
        and (element.get("href") or "").startswith("#")
        and _BACK_LINKS.fullmatch("".join(element.itertext())) is not None
    )


def _classes(element: etree._Element) -> frozenset[str]:
    return frozenset((element.get("class") or "").lower().split())


def _is_hidden(element: etree._Element, classes: frozenset[str], style: str) -> bool:
    return (
        element.get("hidden", "until-found").lower() != "until-found"
        or (element.get("aria-hidden", "").lower() == "true" and element.tag != "math")
        or (element.tag == "dialog" and element.get("open") is None)
        or _HIDDEN_STYLE.search(style) is not None
        or (
            not classes.isdisjoint(_HIDDEN_CLASSES)
            and not any(_SHOWN_ON_WIDE_SCREENS.search(name) for name in classes)
        )
    )


def _simple_rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield what a style sheet says of single classes and identifiers on every screen."""
    plain = _CONDITIONAL.sub("", _CSS_COMMENT.sub("", css))
    for rule in _RULE.finditer(plain):
        declarations = rule["declarations"]
        told = (_HIDDEN_STYLE, _STRUCK_STYLE, _RAISED_STYLE)
        # What fades in when it is scrolled to is no secret.
        declarations = re.sub(r"opacity\s*:[^;]*", "", declarations)
        if not any(form.search(declarations) for form in told):
            continue
        for selector in rule["selectors"].split(","):
            simple = _SIMPLE_SELECTOR.fullmatch(selector.strip())
            if simple is not None:
                name = simple["name"] if simple["mark"] == "#" else simple["name"].lower()
                yield f"{simple['mark']}{name}", declarations
