"""Who may change the articles: add some, or correct what is known about one."""

from __future__ import annotations

from citadel.qa.service.entrance import Arrival
from citadel.qa.service.problems import Problem


def refusal_of_change(arrival: Arrival, *, has_password: bool) -> Problem | None:
    """Return why the articles may not be changed by a request; None where they may.

    Args:
        arrival: The request, as it came in.
        has_password: Whether the server has one, which was given then.

    """
    if has_password or arrival.is_local:
        return None
    return Problem(
        403,
        "Without a password articles can be added from this machine only, by its name "
        "localhost; set CITADEL_PASSWORD_HASH.",
    )
