"""Whether a request comes from a page of this site, as browsers report.

A form or script of any site can send requests here, and a browser sends the password with them. It
also says where they come from (Fetch Metadata), or at least from what origin (Fetch). Programs say
neither, and need not: nobody else's password goes with what they send.
"""

from __future__ import annotations

import re

from starlette.types import Scope

from citadel.qa.service.problems import Problem

_OF_THIS_SITE = ("same-origin", "none")
"""“none” is what a person does, such as typing an address."""

_OTHER_SITE = Problem(
    403, "A page of another site asks for this; open the page of this server, and ask there."
)


def refusal_of_origin(scope: Scope) -> Problem | None:
    """Return why a request is refused that another site may have made; None for others.

    Args:
        scope: Of a request, with the host by which the browser knows the server.

    """
    headers = dict(scope["headers"])
    # A plain http address other than this machine's gets no Sec-Fetch-Site.
    fetch_site = headers.get(b"sec-fetch-site")
    if fetch_site is not None:
        ours = fetch_site.decode("latin-1") in _OF_THIS_SITE
    else:
        origin = headers.get(b"origin")
        ours = origin is None or _authority(origin) == headers.get(b"host", b"").lower()
    return None if ours else _OTHER_SITE


def _authority(origin: bytes) -> bytes | None:
    """Return host and port of an origin, as a Host header has them; None for “null”.

    Not compared is the scheme: a proxy may speak TLS, and say nothing of it.
    """
    found = re.fullmatch(rb"https?://([^/]+)", origin.lower())
    return None if found is None else found[1]
