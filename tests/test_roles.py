"""Who has which role, as a file says, and what is said of a file that is wrong."""

from pathlib import Path

import pytest

from citadel.qa.service.roles import Role, Roles, read_roles
from tests.small_index import refusal

ROLES = """
[editor]
users = ["ann@example.org", "bob"]
groups = ["newsdesk"]

[admin]
users = ["eve"]
groups = ["chiefs"]

[reader]
users = ["carl"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roles.toml"


def read(path: Path, text: str) -> Roles:
    path.write_text(text, "utf-8")
    return read_roles(path)


def test_a_file_of_roles(path: Path) -> None:
    roles = read(path, ROLES)
    assert roles == Roles(
        {
            "carl": Role.READER,
            "ann@example.org": Role.EDITOR,
            "bob": Role.EDITOR,
            "eve": Role.ADMIN,
        },
        {"newsdesk": Role.EDITOR, "chiefs": Role.ADMIN},
        Role.READER,
    )
    assert read(path, 'default = "none"') == Roles({}, {}, None)
    assert read(path, 'default = "editor"') == Roles({}, {}, Role.EDITOR)


@pytest.mark.parametrize(
    ("name", "groups", "role"),
    [
        ("ann@example.org", [], Role.EDITOR),
        ("Ann@example.org", [], Role.READER),
        ("dora", ["others", "newsdesk"], Role.EDITOR),
        ("dora", ["newsdesk", "chiefs"], Role.ADMIN),
        ("dora", ["eve", ""], Role.READER),
        ("carl", ["chiefs"], Role.READER),
        ("", [], Role.READER),
    ],
)
def test_the_role_of_a_user(path: Path, name: str, groups: list[str], role: Role) -> None:
    assert read(path, ROLES).of(name, groups) is role


def test_everybody_else_has_no_role(path: Path) -> None:
    roles = read(path, f'default = "none"\n{ROLES}')
    assert [roles.of(name, []) for name in ("dora", "bob")] == [None, Role.EDITOR]


def test_each_role_includes_those_before_it() -> None:
    reader, editor, admin = Role
    assert [[one.includes(other) for other in Role] for one in (reader, editor, admin)] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[editors]", "nothing is called 'editors'; there are default, reader, editor, admin."),
        ("[editor]\nuser = []", "nothing of [editor] is called 'user'; there are users, groups."),
        ("editor = 1", "editor is no table; write [editor], and users = […] under it."),
        (
            '[editor]\nusers = "ann"',
            'users of [editor] is no list of names; write users = ["…", "…"].',
        ),
        (
            "[admin]\ngroups = [1]",
            'groups of [admin] is no list of names; write groups = ["…", "…"].',
        ),
        ('[admin]\nusers = [""]', "a name among the users of [admin] is empty; take it out."),
        (
            '[editor]\nusers = ["ann"]\n[admin]\nusers = ["ann"]',
            "'ann' stands twice among the users, for editor and admin; take one out.",
        ),
        (
            'default = "owner"',
            "the default 'owner' is no role; write reader, editor, admin or none.",
        ),
        ("default = 1", "the default 1 is no role; write reader, editor, admin or none."),
    ],
)
def test_what_is_wrong_is_named(path: Path, text: str, told: str) -> None:
    assert refusal(read, path, text) == f"{path}: {told}"


def test_what_is_no_toml_and_what_is_not_there(path: Path) -> None:
    assert refusal(read, path, "[editor") == (
        f"{path} is no TOML: Expected ']' at the end of a table declaration (at end of document); "
        "mend it there."
    )
    path.write_bytes(b"\xff")
    assert refusal(read_roles, path).startswith(f"{path} is no TOML: 'utf-8' codec can't decode")
    path.unlink()
    assert refusal(read_roles, path) == (
        f"{path}, the file of roles, can't be read (No such file or directory); name another one "
        "with --roles."
    )
