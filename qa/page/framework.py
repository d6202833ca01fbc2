"""Gradio, as it is imported here: without the files that it writes for editors.

For each class of a component Gradio parses the module that it stands in, and writes a ``.pyi``
next to it, whenever it is imported: half of what the import takes. It leaves out a class that
stands in no file, and while it is imported here, its own stand in none.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["api", "classes_without_files", "gr"]


@contextmanager
def classes_without_files() -> Iterator[None]:
    """Have Gradio believe of its classes that they stand in no file while a block runs."""
    file_of = inspect.getfile

    def file_of_another(object: Any) -> str:
        if isinstance(object, type) and object.__module__.startswith("gradio."):
            raise OSError(f"the file of {object.__name__} is not looked for")
        return file_of(object)

    inspect.getfile = file_of_another
    try:
        yield
    finally:
        inspect.getfile = file_of


with classes_without_files():
    import gradio as gr
    from gradio.events import api
