"""Refuses what a program gives in another type than a public method's signature says.

Else Python would complain deep inside, of something that the program has never heard of.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter, isfunction, signature
from reprlib import repr as shortened
from typing import Any, TypeVar

from citadel.index.corpus.scope import Scope

_Class = TypeVar("_Class", bound=type)
_Is = Callable[[Any], bool]


def _of(*kinds: type) -> _Is:
    return lambda value: isinstance(value, kinds)


def _is_list_of_str(value: Any) -> bool:
    is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    return is_list and all(isinstance(each, str) for each in value)


_KINDS: dict[str, tuple[str, _Is]] = {
    "str": ("a str", _of(str)),
    "str | None": ("a str or None", _of(str, type(None))),
    "Path | str": ("a Path or a str", _of(os.PathLike, str)),
    "Path | str | None": ("a Path, a str or None", _of(os.PathLike, str, type(None))),
    "Sequence[str]": ("a list of str", _is_list_of_str),
    "int": ("an int", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    "bool": ("a bool", _of(bool)),
    "Scope": ("a Scope", _of(Scope)),
}
"""What a signature may say, in words for people, and what is of that type."""


def checked(library: _Class) -> _Class:
    """Let the public methods of a class look at the types of their arguments first.

    What they raise is a ``TypeError`` that names the argument and what it must be.
    """
    for name, method in list(vars(library).items()):
        if isinstance(method, classmethod) and not name.startswith("_"):
            setattr(library, name, classmethod(_checking(method.__func__)))
        elif isfunction(method) and not name.startswith("_"):
            setattr(library, name, _checking(method))
    return library


def _checking(method: Callable[..., Any]) -> Callable[..., Any]:
    known = signature(method)
    _self, *parameters = known.parameters.values()
    kinds = {each.name: _KINDS[each.annotation] for each in parameters}

    @wraps(method)
    def checking(*arguments: Any, **named: Any) -> Any:
        given = known.bind(*arguments, **named).arguments
        for parameter in parameters:
            if parameter.name not in given:
                continue
            value = given[parameter.name]
            several = parameter.kind is Parameter.VAR_POSITIONAL
            wanted, is_right = kinds[parameter.name]
            for each in value if several else (value,):
                if not is_right(each):
                    raise TypeError(
                        f"{method.__qualname__}: “{parameter.name}” must be {wanted}, "
                        f"not {shortened(each)}."
                    )
        return method(*arguments, **named)

    return checking
