"""The server behind a real nginx: with the configuration that is deployed, and under a path."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from citadel.qa.answer.answering import Answerer
from citadel.qa.page.app import start
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.command_line import ROOT
from tests.conftest import PATIENT, free_port
from tests.small_index import articles_of, cheap_index

NAME = "citadel.example.org"
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Proto": "gopher",
}


@dataclass(frozen=True)
class Site:
    """What nginx offers: the address of each server, and the name that it is called by."""

    deployed: str
    under_a_path: str


def require_nginx() -> str:
    """The path of nginx; without one the calling test is skipped, and fails under ``CI=true``."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no nginx (CI=true makes this a failure)")
    return path or pytest.skip("no nginx: run tests/ensure_nginx.sh")


def deployed(port: int, upstream: int, folder: Path) -> str:
    """deploy/nginx.conf, but at a port of this machine and without TLS."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for pattern, instead in (
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        (r"listen \[::\]:443 ssl http2;", ""),
        (r"ssl_certificate.*;", ""),
        (r"127\.0\.0\.1:7860", f"127.0.0.1:{upstream}"),
        (r"/var/log/nginx", str(folder)),
    ):
        text, found = re.subn(pattern, instead, text)
        assert found
    return text


def under_a_path(port: int, upstream: int) -> str:
    """What docs/deploying.md has for a path, as a server."""
    text = (ROOT / "docs" / "deploying.md").read_text("utf-8")
    (found,) = re.findall(r"```nginx\n(location /citadel/.*?)```", text, re.DOTALL)
    location = found.replace("127.0.0.1:7860", f"127.0.0.1:{upstream}")
    return f"server {{\nlisten 127.0.0.1:{port};\naccess_log off;\n{location}}}\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    nginx, folder = require_nginx(), tmp_path_factory.mktemp("nginx")
    upstream, port, other = free_port(), free_port(), free_port()
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    servers = deployed(port, upstream, folder) + under_a_path(other, upstream)
    (folder / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\n{temporary}{servers}}}\n",
        "utf-8",
    )
    article = "# The ferry\n\nThe ferry crosses the river at noon.\n"
    answerer = Answerer(cheap_index("gen-1", articles_of(folder / "articles", ferry=article)))
    entrance = Entrance.of("127.0.0.1", [NAME], ["127.0.0.1"])
    served = start(
        Service(LiveIndex.of(answerer), PATIENT), "127.0.0.1", upstream, entrance=entrance
    )
    command = [nginx, "-p", str(folder), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"]
    with subprocess.Popen(command) as proxy:
        try:
            for address in (port, other):
                while proxy.poll() is None and not answers(address):
                    time.sleep(0.05)
            assert proxy.poll() is None, (folder / "error.log").read_text("utf-8")
            yield Site(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}/citadel")
        finally:
            proxy.terminate()
            served.close(verbose=False)


def answers(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=60)
    except httpx.ConnectError:
        return False
    return True


def root_of(page: httpx.Response) -> str:
    """Where a page says that it lives."""
    assert page.status_code == 200
    found = re.search(r'"root":"([^"]*)"', page.text)
    assert found is not None
    return found[1]


def asked_by_the_page(address: str, name: str) -> list[str]:
    """Put a question as the page does; return what came on the stream of events."""
    config = httpx.get(f"{address}/config", headers={"Host": name}, timeout=60).json()
    (number,) = (each["id"] for each in config["dependencies"] if each.get("api_name") == "ask")
    call = {
        "data": ["When does the ferry cross the river?", None],
        "fn_index": number,
        "session_hash": "reader",
    }
    joined = httpx.post(
        f"{address}/gradio_api/queue/join",
        json=call,
        headers={"Host": name, "Origin": f"http://{name}"},
        timeout=60,
    )
    assert joined.status_code == 200
    told = []
    events = f"{address}/gradio_api/queue/data?session_hash=reader"
    with httpx.stream("GET", events, headers={"Host": name}, timeout=60) as stream:
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        for line in stream.iter_lines():
            if line.startswith("data:"):
                event = json.loads(line.removeprefix("data:"))
                told.append(event["msg"])
                if event["msg"] == "process_completed":
                    assert event["success"]
                    assert "at noon" in json.dumps(event["output"])
                    break
    return told


def test_a_page_answers_behind_the_deployed_configuration(site: Site) -> None:
    for forged in ({}, FORGED):
        page = httpx.get(f"{site.deployed}/", headers={"Host": NAME, **forged}, timeout=60)
        assert root_of(page) == f"http://{NAME}"
        assert "evil" not in page.text
    assert asked_by_the_page(site.deployed, NAME)[-2:] == ["process_starts", "process_completed"]


def test_what_the_deployed_configuration_keeps_out(site: Site) -> None:
    def status(method: str, path: str, name: str = NAME, content: bytes = b"") -> int:
        return httpx.request(
            method, site.deployed + path, headers={"Host": name}, content=content, timeout=60
        ).status_code

    assert {
        "a name of somebody else": status("GET", "/", "evil.example"),
        "a large body": status("POST", "/api/ask", content=b" " * 20_000),
        "metrics for this machine": status("GET", "/metrics"),
    } == {"a name of somebody else": 421, "a large body": 413, "metrics for this machine": 200}


def test_a_page_answers_under_a_path(site: Site) -> None:
    name = site.under_a_path.removeprefix("http://").partition("/")[0]
    for forged in ({}, FORGED):
        page = httpx.get(f"{site.under_a_path}/", headers=forged, timeout=60)
        assert root_of(page) == site.under_a_path
        assert "evil" not in page.text
    told = asked_by_the_page(site.under_a_path, name)
    assert told[-2:] == ["process_starts", "process_completed"]
