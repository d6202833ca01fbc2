"""What is written for those who deploy: it fits the code, and its linter has nothing to say."""

import subprocess
import sys
from pathlib import Path

from citadel.qa.service.additions import WAITING
from citadel.qa.service.limits import DEFAULT_LIMITS
from tests.command_line import ROOT


def test_the_documented_limits_are_those_of_the_code() -> None:
    table = (ROOT / "docs" / "deploying.md").read_text("utf-8")
    limits = DEFAULT_LIMITS
    for row in (
        f"| questions from one address | {limits.questions_per_minute} a minute; ",
        f"| searches at once, and waiting | {limits.at_once}, and {limits.waiting} more |",
        f"| an answer, waiting included | {limits.seconds_per_answer:.0f} seconds |",
        f"| a request's body, its headers | {limits.body_bytes // 1024} KB each |",
        "| the head of a request, its body, on their way | "
        f"{limits.seconds_per_body:.0f} seconds each |",
        "| connections whose request has not come as a whole | "
        f"{limits.unfinished}; {limits.unfinished_per_address} from one address |",
        f"| requests at once, streams of the page included | {limits.requests_at_once} |",
        f"| requests of one address at once | {limits.requests_per_address} |",
        "| streams of events: in all, of one address, of one session | "
        f"{limits.streams_at_once}, {limits.streams_per_address}, {limits.streams_per_session} |",
        f"| a response that nobody takes | {limits.seconds_per_read:.0f} seconds |",
        f"| with `--allow-adding`: a file, on its way | {limits.upload_bytes / 1e6:.0f} MB, "
        f"{limits.seconds_per_upload:.0f} seconds |",
        f"| files arriving at once, and waiting | {limits.uploads_at_once}, and {WAITING} more |",
        f"| wrong passwords from one address | {limits.wrong_passwords_per_minute} a minute |",
    ):
        assert row in table
    assert limits.body_bytes == limits.header_bytes
    assert limits.seconds_per_body == limits.seconds_per_head


def test_the_dockerfile_is_clean() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    linted = subprocess.run(
        [hadolint, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (linted.returncode, linted.stdout, linted.stderr) == (0, "", "")


def test_the_image_gets_every_package() -> None:
    copied = (ROOT / "Dockerfile").read_text("utf-8")
    let_in = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for name in ("citadel", "index", "qa", "evaluation", "source_texts"):
        assert f"COPY {name} {name}\n" in copied
        assert f"!{name}" in let_in
