"""Pages as they are copied, and how they are read."""

from citadel.index.corpus.formats.web_text import parse_web_text
from citadel.index.corpus.layout import BlockKind

VOTE = (
    "The council of Larkhaven voted on Tuesday night to rebuild the wooden footbridge that the "
    "spring flood carried away, after two years in which residents had to walk three kilometres "
    "to reach the school."
)
WORK = (
    "Work is to begin in May, the mayor said, and the bridge should open before the school year "
    "starts. Until then a small ferry will cross every half hour from seven in the morning."
)
BANKS = (
    "Engineers from the regional office measured the banks last week and found that the old "
    "foundations can be used again, which saves about a third of the sum set aside for them."
)
TITLE = "Larkhaven to rebuild its lost footbridge"


def page(*lines: str) -> str:
    return "\n\n".join(lines) + "\n"


def outline(text: str) -> list[str]:
    """The blocks of a text; a heading after “# ”."""
    return [
        ("# " if block.kind is BlockKind.HEADING else "") + block.span.of(text)
        for block in parse_web_text(text).blocks
    ]


def header(text: str) -> str | None:
    span = parse_web_text(text).header
    return span.of(text) if span else None
