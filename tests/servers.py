"""Real servers of vectors, started and stopped at will: those in the wheels pgserver and milvus."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwnam
from tempfile import TemporaryDirectory
from typing import Protocol
from urllib.request import ProxyHandler, build_opener

import pytest

from citadel.index.errors import CitadelError
from citadel.index.stores.milvus import MilvusStore
from citadel.index.stores.postgres import PostgresStore
from tests.conftest import free_port


class Server(Protocol):
    """A server that a test may stop and start."""

    store: str
    url: str

    def stop(self) -> None:
        """End it at once, as a failing machine would; no matter if it has ended."""

    def start(self) -> None:
        """Start it on the same data and address; return when it answers."""


@dataclass
class Postgres:
    """The PostgreSQL of the package pgserver.

    Only its programs are used: its Python would, as root, add a user to the machine and open
    folders to everybody.
    """

    folder: Path
    programs: Path
    url: str
    user: str | None
    process: subprocess.Popen[bytes] | None = None
    store: str = "postgres"

    def stop(self) -> None:
        if self.process is not None:
            # At once, without tidying up.
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
            self.process = None

    def start(self) -> None:
        if self.process is not None:
            return
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", "data", "-k", self.folder, "-h", ""],
                cwd=self.folder,
                user=self.user,
                group=self.user and getpwnam(self.user).pw_gid,
                extra_groups=None if self.user is None else [],
                stdout=log,
                stderr=log,
            )
        while not _answers(PostgresStore, self.url):
            assert self.process.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.1)

    def create(self) -> None:
        options = ["--username=citadel", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        subprocess.run(
            [self.programs / "initdb", "--pgdata=data", "--no-sync", *options],
            cwd=self.folder,
            user=self.user,
            group=self.user and getpwnam(self.user).pw_gid,
            extra_groups=None if self.user is None else [],
            check=True,
            capture_output=True,
        )


@dataclass
class Milvus:
    """The Milvus of the package milvus.

    The package unpacks and configures it; it is started here, since the package gives a server
    that starts again another port as long as the kernel remembers connections to the old one.
    """

    folder: Path
    url: str
    health_port: int
    process: subprocess.Popen[bytes] | None = None
    store: str = "milvus"

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def start(self) -> None:
        if self.process is not None:
            return
        binaries = self.folder / "bin"
        with (self.folder / "logs" / "output.log").open("ab") as log:
            self.process = subprocess.Popen(
                [binaries / "milvus", "run", "standalone"],
                cwd=self.folder,
                env={
                    **os.environ,
                    "DEPLOY_MODE": "STANDALONE",
                    "LD_LIBRARY_PATH": str(binaries),
                    "METRICS_PORT": str(self.health_port),
                    "MILVUS_RUN_DIR": str(self.folder / "run"),
                },
                stdout=log,
                stderr=log,
            )
        while not (self._is_healthy() and _answers(MilvusStore, self.url)):
            assert self.process.poll() is None, f"Milvus ended; see {self.folder / 'logs'}"
            time.sleep(0.1)

    def _is_healthy(self) -> bool:
        """Whether all parts of the server say that they are."""
        try:
            # Not through a proxy: the server is on this machine.
            opener = build_opener(ProxyHandler({}))
            with opener.open(f"http://127.0.0.1:{self.health_port}/healthz") as reply:
                return bool(reply.read().startswith(b"OK"))
        except (OSError, HTTPException):
            return False


def _answers(store: type[PostgresStore] | type[MilvusStore], url: str) -> bool:
    """Whether a server answers clients, as it does some time after its start."""
    try:
        with closing(store(url, "0")):
            return True
    except CitadelError:
        return False


@contextmanager
def postgres() -> Iterator[Server]:
    """Run PostgreSQL in a new folder.

    It is none of pytest's: root can't run PostgreSQL, so “nobody” does for it, on a copy of the
    programs that it may read, and every start of pytest closes its folders to others.
    """
    package = find_spec("pgserver")
    if package is None or package.origin is None:
        pytest.skip("the package pgserver, whose wheels end with Python 3.12, is not installed")
    installed = Path(package.origin).parent
    with TemporaryDirectory(prefix="citadel-postgres-") as name:
        folder = Path(name)
        user = "nobody" if os.geteuid() == 0 else None
        if user is not None:
            shutil.chown(folder, user)
            for part in (installed, installed.with_name("pgserver.libs")):
                shutil.copytree(part, folder / part.name)
            installed = folder / installed.name
        url = f"postgresql://citadel@/postgres?host={folder}"
        server = Postgres(folder, installed / "pginstall" / "bin", url, user)
        server.create()
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextmanager
def milvus(folder: Path) -> Iterator[Server]:
    """Run Milvus in a new folder on a port of 127.0.0.1."""
    module = pytest.importorskip(
        "milvus",
        reason="the package milvus, whose wheels are for Linux on x86_64, is not installed",
    )
    # The client reads the environment for proxies; the server is on this machine.
    os.environ.setdefault("no_proxy", "127.0.0.1")
    package = module.MilvusServer()
    package.set_base_dir(str(folder))
    # Seconds until a server that was killed is believed to be gone by the one that follows it. With
    # fewer, a busy machine makes a server believe that of itself, and end.
    package.config.set("common.session.ttl", 10)
    package.config.resolve()
    module._initialize_data_files(str(folder))
    server = Milvus(folder, f"http://127.0.0.1:{package.listen_port}", free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
