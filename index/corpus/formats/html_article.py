"""Which blocks of a page are its article.

A tool that separates articles from pages knows where the article is, but takes captions,
corrections, times and lists in cells away with menus and appeals. What it keeps shows the place;
what else stands there, and is no menu, link or appeal, is the article's too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from lxml import etree

from citadel.index.corpus.formats.document import Part
from citadel.index.corpus.formats.html_lines import BlockForm, PageBlock
from citadel.index.corpus.layout import BlockKind

_WORD = re.compile(r"\w+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_ENOUGH_WORDS = 5
_SHARE_KEPT = 0.6
_SHARE_LINKED = 0.6
_LONG_APPEAL = 200
_PAGE_TAGS = frozenset({"nav", "footer", "form", "menu", "fieldset", "dialog"})
_PAGE_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "dialog",
     "alertdialog"}
)  # fmt: skip
_PAGE_NAMES = re.compile(
    r"""
    (?:^|[\s_-])(?:
        nav\w*|menu\w*|breadcrumbs?|crumbs?|share\w*|sharing|social\w*|related\w*|newsletter\w*
        |subscri\w+|signup|promo\w*|advert\w*|ads?|sponsor\w*|cookies?|consent|comments?|disqus
        |sidebar|widget\w*|toolbar|recommend\w*|trending|popular|most-read|footer|byline|author\w*
        |tags?|pagination|pager|skip|login|paywall|teasers?|read-?more|more-?on|outbrain|taboola
        |banner|masthead|site-?header|copyright|follow\w*|donat\w+|appeal
    )(?:$|[\s_-])""",
    re.IGNORECASE | re.VERBOSE,
)
_APPEALS = re.compile(
    r"""
    (?:subscribe|sign\ up|newsletter|advertise|share\ (?:this|on|via)|follow\ us|read\ more
    |read\ also|read\ next|related(?:\ (?:stories|articles|topics|content|posts))?\s*:?$
    |more\ (?:from|on|stories)|most\ (?:read|popular)|click\ here|listen\ to\ this|log\ ?in\b
    |skip\ to|print\ this|tags?\s*:|filed\ under|loading\b|we\ use\ cookies|this\ site\ uses
    |all\ rights\ reserved|©|copyright\b|leave\ a\ (?:comment|reply)|comments?\s*(?:\(\d+\))?$
    |by\ [^.!?]{2,60}$|published(?:\ on|:)|(?:last\ )?updated(?:\ on|:)|posted\ (?:on|by|in))""",
    re.IGNORECASE | re.VERBOSE,
)
_CORRECTIONS = re.compile(
    r"""\W*(?:corrections?|clarifications?|erratum|errata|amendment|updates?\s*:|editor['’]s?\ note
    |editors['’]\ note|this\ (?:article|story|report)\ (?:was|has\ been)
    \ (?:amended|corrected|updated)|correctif|rectificatif|berichtigung|korrektur|corrección
    |fe\ de\ errat|rettifica|düzeltme|تصحيح|تصويب|исправление|поправка)""",
    re.IGNORECASE | re.VERBOSE,
)
_NEEDS_SCRIPTS = re.compile(
    r"""(?:enable|activate|allow|turn\ on|requires?|needs?|without|support|disabled|aktivieren
    |activer|activez|habilit\w+|включ\w+|تفعيل)\W[^.]{0,80}\bjava\s?script
    |java\s?script[^.]{0,60}\b(?:disabled|required|enabled|not\ supported|aktiviert|désactivé
    |activé|turned\ (?:on|off))""",
    re.IGNORECASE | re.VERBOSE,
)
_SCRIPT_APPEAL_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Selection:
    """The blocks of an article, and those in its place that are the page's own.

    Attributes:
        blocks: In reading order.
        left_out: What stands among them and is not the article's.
        region: The element that the article is in; None when there is no article.

    """

    blocks: tuple[PageBlock, ...]
    left_out: tuple[PageBlock, ...]
    region: etree._Element | None

    @property
    def needs_scripts(self) -> bool:
        """Whether the page asks for scripts to show its article, and shows next to nothing."""
        shown = sum(len(block.text) for block in self.blocks)
        asks = any(_asks_for_scripts(block.text) for block in self.left_out)
        return asks and shown < _LONG_APPEAL


def select_article(blocks: Sequence[PageBlock], recognised: str) -> Selection:
    """Choose the blocks of the article.

    Args:
        blocks: All blocks of the page.
        recognised: The text that was recognised as the article, which may lack parts of it.

    """
    kept = _Recognised(recognised)
    certain = [kept.has(block.text) for block in blocks]
    chosen = [block for block, known in zip(blocks, certain, strict=True) if known]
    long = [block for block in chosen if len(_words(block.text)) >= _ENOUGH_WORDS]
    if not chosen:
        return Selection((), (), None)
    region, whole = _region([block.element for block in _once(long or chosen)])
    parents = {block.element.getparent() for block in chosen}
    places = [place for place, known in enumerate(certain) if known]
    inside = [is_inside(block.element, region) for block in blocks]
    times = sum(
        within and block.form is BlockForm.TIME
        for block, within in zip(blocks, inside, strict=True)
    )
    taken: list[PageBlock] = []
    left: list[PageBlock] = []
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        if not inside[place]:
            continue
        if block.form is BlockForm.TIME and times == 1:
            # A time that stands alone is that of the publication, which the metadata give.
            left.append(block)
            continue
        near = whole or place < places[-1] or block.element.getparent() in parents
        near = near or _is_caption(block.element)
        words = " ".join(_words(block.text))
        if kept.repeats(words) and _is_aside(block.element):
            # A sentence of the article is shown large next to it.
            continue
        found = certain[place] or (near and _belongs(block, region) and words not in seen)
        if found and not _asks_for_scripts(block.text):
            taken.append(block)
            seen.add(words)
        elif words not in seen:
            left.append(block)
    empty = _empty_headings(taken, {id(block) for block in chosen})
    return Selection(
        tuple(block for block in taken if id(block) not in empty),
        tuple(left + [block for block in taken if id(block) in empty]),
        region,
    )


def is_inside(element: etree._Element, region: etree._Element | None) -> bool:
    """Return whether an element is the region of the article or in it; without one, none is."""
    return element is region or any(each is region for each in element.iterancestors())


def article_parts(blocks: Sequence[PageBlock]) -> Iterator[Part]:
    """Yield headings, paragraphs, lists and tables; the time of a post stands before its text."""
    items: list[str] = []
    last: PageBlock | None = None
    for block in _with_times(blocks):
        if block.form is BlockForm.ITEM:
            if last is not None and last.form is BlockForm.ITEM and last.element is block.element:
                same = block.element.tag == "li"
                items.append(f"{items.pop()} {block.text}" if same else f"- {block.text}")
            else:
                items.append(f"{'  ' * (max(block.depth, 1) - 1)}- {block.text}")
        else:
            if items:
                yield Part(BlockKind.PARAGRAPH, "\n".join(items))
                items = []
            heading = block.form is BlockForm.HEADING
            yield Part(BlockKind.HEADING if heading else BlockKind.PARAGRAPH, block.text)
        last = block
    if items:
        yield Part(BlockKind.PARAGRAPH, "\n".join(items))


class _Recognised:
    """The text that was recognised as an article, to look up pieces in."""

    def __init__(self, text: str) -> None:
        words = _words(text)
        self._whole = f" {' '.join(words)} "
        self._threes = set(zip(words, words[1:], words[2:], strict=False))

    def has(self, text: str) -> bool:
        """Return whether most of a piece is in it."""
        words = _words(text)
        if not words:
            return False
        if len(words) < _ENOUGH_WORDS:
            return self.repeats(" ".join(words))
        threes = list(zip(words, words[1:], words[2:], strict=False))
        found = sum(three in self._threes for three in threes)
        return found >= _SHARE_KEPT * len(threes)

    def repeats(self, words: str) -> bool:
        """Return whether words, with single spaces between them, are in it without a gap."""
        return bool(words) and f" {words} " in self._whole


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _once(blocks: Sequence[PageBlock]) -> list[PageBlock]:
    """Return the blocks without repetitions, which often stand in another part of the page."""
    first: dict[str, PageBlock] = {}
    for block in blocks:
        first.setdefault(" ".join(_words(block.text)), block)
    return list(first.values())


def _region(elements: Sequence[etree._Element]) -> tuple[etree._Element, bool]:
    """Return the element around all of these, best the article, and whether it is that alone."""
    shared = list(reversed([elements[0], *elements[0].iterancestors()]))
    for element in elements[1:]:
        chain = {element, *element.iterancestors()}
        while shared and shared[-1] not in chain:
            shared.pop()
    for element in reversed(shared):
        if element.tag == "article" or _role(element) == "article":
            return element, True
    for element in reversed(shared):
        if element.tag == "main" or _role(element) == "main":
            return element, False
    # The only paragraph of a page is in what its heading and caption are in.
    return (shared[-2] if len(elements) == 1 and len(shared) > 1 else shared[-1]), False


def _role(element: etree._Element) -> str:
    return (element.get("role") or "").lower()


def _belongs(block: PageBlock, region: etree._Element) -> bool:
    """Distinguish an unrecognised block of the article from one of the page."""
    if _CORRECTIONS.match(block.text):
        return True
    letters = len(_LETTER_OR_DIGIT.findall(block.text))
    appeals = letters < _LONG_APPEAL and _APPEALS.match(block.text) is not None
    if not letters or block.linked > _SHARE_LINKED * letters or appeals:
        return False
    element = block.element
    while element is not None and element is not region:
        if _is_of_page(element):
            return False
        element = element.getparent()
    return True


def _is_of_page(element: etree._Element) -> bool:
    """Return whether an element says itself that it is a menu, an appeal or the like."""
    if element.tag in _PAGE_TAGS and not _is_of_quotation(element):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _role(element) in _PAGE_ROLES or _PAGE_NAMES.search(names) is not None


def _is_aside(element: etree._Element) -> bool:
    return element.tag == "aside" or next(element.iterancestors("aside"), None) is not None


def _is_caption(element: etree._Element) -> bool:
    return element.tag == "figcaption" or "caption" in (element.get("class") or "").lower()


def _is_of_quotation(element: etree._Element) -> bool:
    return next(element.iterancestors("blockquote", "figure"), None) is not None


def _asks_for_scripts(text: str) -> bool:
    return len(text) <= _SCRIPT_APPEAL_LENGTH and _NEEDS_SCRIPTS.search(text) is not None


def _empty_headings(blocks: Sequence[PageBlock], certain: set[int]) -> set[int]:
    """Return the identities of headings over nothing, whose texts were the page's."""
    empty: set[int] = set()
    for block, following in zip_longest(blocks, blocks[1:]):
        above = following is not None and (
            following.form is not BlockForm.HEADING or following.element.tag > block.element.tag
        )
        if block.form is BlockForm.HEADING and not above and id(block) not in certain:
            empty.add(id(block))
    return empty


def _with_times(blocks: Sequence[PageBlock]) -> list[PageBlock]:
    """Put the time of a post before the first paragraph of the post."""
    times = [place for place, block in enumerate(blocks) if block.form is BlockForm.TIME]
    result: list[PageBlock | None] = list(blocks)
    for before, place, after in zip([-1, *times], times, [*times[1:], len(blocks)], strict=False):
        target = _text_of_post(blocks, range(before + 1, after), place)
        post = None if target is None else result[target]
        if target is None or post is None:
            result[place] = replace(blocks[place], form=BlockForm.PARAGRAPH)
        else:
            result[place] = None
            result[target] = replace(post, text=f"{blocks[place].text} {post.text}")
    return [block for block in result if block is not None]


def _text_of_post(blocks: Sequence[PageBlock], near: range, place: int) -> int | None:
    """Return the place of the first text that a time belongs to: in its post, and best after it."""
    texts = [n for n in near if blocks[n].form in (BlockForm.PARAGRAPH, BlockForm.ITEM)]
    for post in [blocks[place].element, *blocks[place].element.iterancestors()]:
        inside = [n for n in texts if is_inside(blocks[n].element, post)]
        if inside:
            return next((n for n in inside if n > place), inside[0])
    return None
