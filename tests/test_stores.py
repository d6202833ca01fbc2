"""Which store is opened, and what is said where it can't be."""

import builtins
import re
from pathlib import Path
from typing import Any

import pytest

from citadel.index.errors import CitadelError
from citadel.index.stores.faiss_store import FaissStore
from citadel.index.stores.opening import namespace_of, open_store


def refusal(name: str, url: str | None, folder: Path) -> str:
    with pytest.raises(CitadelError) as caught, open_store(name, url, folder):
        pass
    return str(caught.value)


def test_faiss_takes_no_address(tmp_path: Path) -> None:
    with open_store("faiss", None, tmp_path) as store:
        assert isinstance(store, FaissStore)
    assert list(tmp_path.iterdir()) == []
    assert refusal("faiss", "postgresql://citadel:secret@host/db", tmp_path) == (
        "--store-url is the address of a server; leave it out, or say with --store whether it is "
        "milvus or postgres."
    )


@pytest.mark.parametrize("name", ["milvus", "postgres"])
def test_a_server_takes_an_address(name: str, tmp_path: Path) -> None:
    assert refusal(name, None, tmp_path) == (
        f"The {name} store is a server; give its address with --store-url or in the environment "
        "variable CITADEL_STORE_URL."
    )


def test_a_store_that_there_is_not(tmp_path: Path) -> None:
    assert refusal("oracle", None, tmp_path) == (
        "There is no store 'oracle'; choose one of faiss, milvus, postgres."
    )


def test_a_library_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_psycopg(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "citadel.index.stores.postgres":
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    assert refusal("postgres", "postgresql://host/db", tmp_path) == (
        "The postgres store takes the package psycopg; run “pip install citadel-qa[postgres]”."
    )


def test_a_folder_keeps_its_namespace(tmp_path: Path) -> None:
    namespace = namespace_of(tmp_path / "one")
    assert re.fullmatch("[0-9a-f]{8}", namespace)
    assert namespace_of(tmp_path / "one") == namespace
    assert namespace_of(tmp_path / "two") != namespace
    (tmp_path / "one").rename(tmp_path / "moved")
    assert namespace_of(tmp_path / "moved") == namespace
    assert [path.name for path in (tmp_path / "moved").iterdir()] == ["STORE"]


def test_a_damaged_namespace(tmp_path: Path) -> None:
    (tmp_path / "STORE").write_bytes(b"\xff")
    with pytest.raises(CitadelError) as caught:
        namespace_of(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path / 'STORE'} is damaged; remove it and run “python -m index build” to build the "
        "index again. What the store keeps under the old name stays there."
    )


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")
    with pytest.raises(CitadelError) as caught:
        namespace_of(tmp_path / "index")
    assert str(caught.value) == (
        f"{tmp_path / 'index' / 'STORE'} can't be written or read (File exists); make room or "
        "choose another --index-dir."
    )
