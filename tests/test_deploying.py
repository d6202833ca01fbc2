"""What is written for those who deploy: it fits the code, and its linter has nothing to say."""

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

from citadel.qa.answer.answering import Answerer
from citadel.qa.service.additions import WAITING
from citadel.qa.service.limits import DEFAULT_LIMITS
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.service import Service
from tests.command_line import ROOT
from tests.small_index import articles_of, cheap_index


def test_the_documented_limits_are_those_of_the_code() -> None:
    table = (ROOT / "docs" / "deploying.md").read_text("utf-8")
    limits = DEFAULT_LIMITS
    for row in (
        f"| questions from one address | {limits.questions_per_minute} a minute; ",
        "| questions from this machine itself | any number; ",
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
        "| with accounts: steps of signing in, from one address | "
        f"{limits.sign_ins_per_minute} a minute |",
    ):
        assert row in table
    assert limits.body_bytes == limits.header_bytes
    assert limits.seconds_per_body == limits.seconds_per_head


def test_what_is_watched_is_counted(tmp_path: Path) -> None:
    live_index = LiveIndex.of(Answerer(cheap_index("gen-1", articles_of(tmp_path, a="A ferry.\n"))))
    metrics = Service(live_index).metrics
    assert metrics is not None
    counted = metrics.text().decode()
    names = set(re.findall(r"^(?:# TYPE )?(\w+)", counted, re.MULTILINE))
    # A counter or histogram without labels yet shows its type only.
    names |= {f"{name}{end}" for name in names for end in ("_total", "_bucket")}
    rules = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text("utf-8"))
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    asked += [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    used = {name for each in asked for name in re.findall(r"\b(?:citadel|process)_\w+", each)}
    assert used
    assert used - names == set()


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
