"""Gradio is imported without what it does for editors."""

import inspect
from pathlib import Path

import gradio
import pytest
from gradio.component_meta import create_or_modify_pyi

from citadel.qa.page.framework import classes_without_files


def test_no_file_for_editors_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "gradio.component_meta.extract_class_source_code", lambda *_: pytest.fail("it is parsed")
    )
    with classes_without_files():
        create_or_modify_pyi(gradio.HTML, "HTML", [])


def test_all_else_stands_in_its_file() -> None:
    file_of = inspect.getfile
    with classes_without_files():
        assert Path(inspect.getfile(Path)).name == "pathlib.py"
        assert inspect.getfile(gradio) == gradio.__file__
    assert inspect.getfile is file_of
