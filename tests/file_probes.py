"""Ways to ask the server for a file of its machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2 as httpx

SECRET = "the secret of the file 4711"

_ROUTES = (
    "/gradio_api/file={}",
    "/file={}",
    "/gradio_api/file/{}",
    "/static/{}",
    "/assets/{}",
    "/api/passages/{}",
    "/gradio_api/proxy=file:{}",
    "/gradio_api/stream/{}/0/0/playlist-file",
    "/gradio_api/custom_component/{}/client/component/style.css",
    "/?deep_link={}",
    "/{}",
)


def hide_secrets(folder: Path) -> None:
    """Put a secret into a folder, and links that lead to it."""
    (folder / "secret.txt").write_text(SECRET)
    (folder / ".env").write_text(SECRET)
    (folder / "link.txt").symlink_to(folder / "secret.txt")
    (folder / "linked").symlink_to(folder)


def _paths(folder: Path) -> list[str]:
    names = ("secret.txt", ".env", "link.txt", "linked/secret.txt")
    whole = [f"{folder}/{name}" for name in names]
    up = "../" * 12
    return [*whole, *names, *(f"{up}{path}" for path in whole), *(f"file://{p}" for p in whole)]


def addresses(folder: Path) -> list[str]:
    """Every route that reads a file, or did in some version of Gradio, with every path."""
    ways = (
        quote,
        lambda path: quote(path, safe=""),
        lambda path: quote(quote(path, safe="")),
        lambda path: quote(path.replace("/", "\\"), safe=""),
        lambda path: quote(path.replace("../", "..;/") + "\0.css", safe=""),
    )
    found = (
        route.format(way(path)) for route in _ROUTES for path in _paths(folder) for way in ways
    )
    return list(dict.fromkeys(found))


def calls(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Calls with objects of the kind that Gradio 6.31 copies into its cache, to serve it."""
    for path in _paths(folder):
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        for data in ([file, None], ["ferry", [file]], [json.dumps(file), None]):
            yield "/gradio_api/call/ask", {"data": data}
        yield "/api/ask", {"question": "ferry", "scope": {"only": [file]}}
        event_data = {"question": "ferry", "earlier": [file], "source": file, "file": file}
        for function in range(8):
            call = {"data": [], "fn_index": function, "session_hash": "probe"}
            yield "/gradio_api/queue/join", {**call, "event_data": event_data}
            yield "/gradio_api/queue/join", {**call, "data": [file]}


def what_came(client: httpx.Client, folder: Path) -> tuple[int, list[str]]:
    """Send all of them; return their number and those that brought the secret."""
    leaked = []
    number = 0
    for address in addresses(folder):
        number += 1
        if SECRET in client.get(address).text:
            leaked.append(address)
    for path, body in calls(folder):
        number += 1
        response = client.post(path, json=body)
        told = response.text
        if response.status_code == 200 and path.endswith("/call/ask"):
            told += client.get(f"{path}/{response.json()['event_id']}").text
        if SECRET in told:
            leaked.append(f"{path} {body}")
    return number, leaked


def copies(folder: Path) -> list[Path]:
    """Files below a folder that hold the secret."""
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
