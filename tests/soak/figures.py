"""What was measured, and what was to be reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a run found.

    Attributes:
        what: What was measured, with its unit.
        found: The number.
        target: What it should be, in words; "" where nothing was to be reached.
        met: Whether it is; None where nothing was to be reached.
    """

    what: str
    found: float
    target: str = ""
    met: bool | None = None

    def row(self) -> str:
        """Return the cells of a Markdown table."""
        verdict = {True: "yes", False: "**no**", None: ""}[self.met]
        return f"{self.what} | {self.found:,.6g} | {self.target} | {verdict}"


def at_most(what: str, found: float, most: float) -> Figure:
    return Figure(what, found, f"at most {most:,.6g}" if most else "0", found <= most)


def at_least(what: str, found: float, least: float) -> Figure:
    return Figure(what, found, f"at least {least:,.6g}", found >= least)


def of_interest(what: str, found: float) -> Figure:
    return Figure(what, found)
