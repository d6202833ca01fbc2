"""Draws the wings of Citadel and which imports which, read from the sources, as an SVG picture.

``python docs/draw_architecture.py ROOT PICTURE`` reads ``ROOT/index``, ``ROOT/qa`` and
``ROOT/evaluation``. A wing stands one floor above the highest wing that it imports. An arrow is
drawn only where no way over other arrows leads to the same wing.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

Graph = dict[str, frozenset[str]]
"""What each wing imports."""

PARTS = ("index", "qa", "evaluation")
"""From left to right."""

ENTRY_POINTS = "cli"
"""What a part's modules outside of its wings are called, if no wing imports them."""

_WIDTH, _HEIGHT = 320, 58
_COLUMN, _FLOOR = 380, 84
_MARGIN, _HEADING = 24, 40
_LETTERS = 48
"""So many letters stand in a line of a box."""

_COLOURS = {"index": "#1769aa", "qa": "#2e7d4f", "evaluation": "#d9730d"}


def wings(root: Path) -> dict[str, str]:
    """Return the wing of each module, by its path from the root, in the order of the paths.

    A folder in a part is a wing. The modules outside of such folders are the part's foundation,
    “index” say, if a wing of the part imports them, and its entry points otherwise.
    """
    modules = [
        path.relative_to(root)
        for part in PARTS
        for path in sorted((root / part).rglob("*.py"))
        if path.stem not in ("__init__", "__main__")
    ]
    inside = {path.as_posix(): "/".join(path.parts[:2]) for path in modules if len(path.parts) > 2}
    needed = {loaded for path in inside for loaded in _imports(root, path)}
    found = {}
    for path in (module.as_posix() for module in modules):
        part = path.split("/")[0]
        loose = part if path in needed else f"{part}/{ENTRY_POINTS}"
        found[path] = inside.get(path, loose)
    return found


def _imports(root: Path, path: str) -> Iterator[str]:
    """Yield the paths of the modules that a module imports, wherever in it that stands."""
    for node in ast.walk(ast.parse((root / path).read_text("utf-8"), path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            loaded = f"{name.removeprefix('citadel.').replace('.', '/')}.py"
            if name.startswith("citadel.") and (root / loaded).is_file():
                yield loaded


def graph(root: Path) -> Graph:
    """Return which wings each wing imports, without itself."""
    wing_of = wings(root)
    found: dict[str, set[str]] = {wing: set() for wing in wing_of.values()}
    for path, wing in wing_of.items():
        found[wing].update(wing_of[loaded] for loaded in _imports(root, path))
    return {wing: frozenset(below - {wing}) for wing, below in found.items()}


def reachable(imports: Graph, wing: str) -> frozenset[str]:
    """Return all that a wing rests on.

    Raises:
        RecursionError: Wings import one another in a circle.

    """
    below = imports[wing]
    return below.union(*(reachable(imports, each) for each in below))


def reduced(imports: Graph) -> Graph:
    """Leave out every import that others imply."""
    return {
        wing: below - frozenset().union(*(reachable(imports, each) for each in below))
        for wing, below in imports.items()
    }


def floors(imports: Graph) -> dict[str, int]:
    """Return the floor of each wing, from 0: one above the highest that it imports."""

    def floor(wing: str) -> int:
        return 1 + max((floor(below) for below in imports[wing]), default=-1)

    return {wing: floor(wing) for wing in imports}


def purpose(root: Path, wing: str) -> str:
    """Return the first sentence of a wing's docstring, or the names of its modules."""
    init = root / wing / "__init__.py"
    if "/" in wing and init.is_file():
        text = ast.get_docstring(ast.parse(init.read_text("utf-8"))) or ""
        return text.split("\n\n")[0].replace("\n", " ")
    return ", ".join(Path(path).stem for path, its in wings(root).items() if its == wing)


def draw(imports: Graph, purposes: Mapping[str, str]) -> str:
    """Return the picture: a column for each part, a box for each wing, an arrow for each import."""
    arrows = reduced(imports)
    floor_of = floors(imports)
    top = max(floor_of.values())
    width = _COLUMN * (len(PARTS) - 1) + _WIDTH + 2 * _MARGIN
    height = _HEADING + _FLOOR * top + _HEIGHT + 2 * _MARGIN

    def corner(wing: str) -> tuple[int, int]:
        column = PARTS.index(wing.split("/", maxsplit=1)[0])
        return _MARGIN + _COLUMN * column, _MARGIN + _HEADING + _FLOOR * (top - floor_of[wing])

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' font-family="sans-serif" font-size="11.5" fill="#1f2933">',
        "<title>The wings of Citadel: each imports only those that its arrows lead to</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#52606d"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for column, part in enumerate(PARTS):
        middle = _MARGIN + _COLUMN * column + _WIDTH // 2
        lines.append(
            f'<text x="{middle}" y="{_MARGIN + 16}" text-anchor="middle" font-size="18"'
            f' font-weight="bold" fill="{_COLOURS[part]}">{part}/</text>'
        )
    for wing, below in arrows.items():
        lines += [_arrow(corner(wing), corner(each)) for each in sorted(below)]
    for wing in imports:
        lines += _box(*corner(wing), wing, purposes[wing])
    return "\n".join([*lines, "</svg>", ""])


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Draw a line downwards in a column, or a curve from side to side between two."""
    (x, y), (to_x, to_y) = start, end
    if x == to_x:
        way = f"M{x + _WIDTH // 2} {y + _HEIGHT}V{to_y - 2}"
    else:
        rightwards = to_x > x
        begin, goal = (x + _WIDTH, to_x - 2) if rightwards else (x, to_x + _WIDTH + 2)
        bend = (begin + goal) // 2
        begin_y, goal_y = y + _HEIGHT // 2, to_y + _HEIGHT // 2
        way = f"M{begin} {begin_y}C{bend} {begin_y} {bend} {goal_y} {goal} {goal_y}"
    return (
        f'<path d="{way}" fill="none" stroke="#52606d" stroke-width="1.5" marker-end="url(#tip)"/>'
    )


def _box(x: int, y: int, wing: str, text: str) -> Iterator[str]:
    colour = _COLOURS[wing.split("/", maxsplit=1)[0]]
    yield (
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="{colour}"'
        f' fill-opacity=".08" stroke="{colour}"/>'
    )
    yield f'<text x="{x + 10}" y="{y + 19}" font-size="14" font-weight="bold">{escape(wing)}</text>'
    for number, line in enumerate(textwrap.wrap(text, _LETTERS, max_lines=2, placeholder=" …")):
        yield f'<text x="{x + 10}" y="{y + 35 + 15 * number}">{escape(line)}</text>'


if __name__ == "__main__":
    sources, picture = Path(sys.argv[1]), Path(sys.argv[2])
    imports = graph(sources)
    purposes = {wing: purpose(sources, wing) for wing in imports}
    picture.write_text(draw(imports, purposes), "utf-8")
