"""What a release comes with: hashes of what it runs with, a bill of materials, licences."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import ROOT

PAPERS = runpy.run_path(str(ROOT / ".ci" / "describe_release.py"))
Pin, ReleaseError = PAPERS["Pin"], PAPERS["ReleaseError"]

ONE, OTHER, THIRD = "1" * 64, "2" * 64, "3" * 64
RESOLVED = f"""\
h11==0.16.0 \\
    --hash=sha256:{ONE} \\
    --hash=sha256:{OTHER}
    # via uvicorn, -c constraints.txt, citadel-qa (pyproject.toml)
uvicorn==0.54.0 ; python_full_version >= '3.11' and sys_platform == 'linux' \\
    --hash=sha256:{THIRD}
    # via citadel-qa (pyproject.toml)
"""
H11 = Pin("h11", "0.16.0", "", (ONE, OTHER), ("uvicorn", "citadel-qa"))
UVICORN = Pin(
    "uvicorn",
    "0.54.0",
    "python_full_version >= '3.11' and sys_platform == 'linux'",
    (THIRD,),
    ("citadel-qa",),
)


def program(folder: Path, script: str) -> Path:
    """Write a program in the place of uv."""
    path = folder / "uv"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def component(name: str, version: str, url: str, *hashes: str, **more: Any) -> dict[str, Any]:
    listed = [{"alg": "SHA-256", "content": each} for each in hashes]
    return {
        "bom-ref": name,
        "externalReferences": [{"hashes": listed, "type": "distribution", "url": url}],
        "name": name,
        "purl": f"pkg:pypi/{name}@{version}",
        "type": "library",
        "version": version,
        **more,
    }


def test_pins_are_read_with_their_hashes_and_what_needs_them() -> None:
    assert list(PAPERS["pins"](RESOLVED)) == [H11, UVICORN]


def test_a_package_without_a_version_or_a_hash_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"^uv gives “h11 @ file:///h11”, where a pinned packag"):
        list(PAPERS["pins"]("h11 @ file:///h11\n"))
    with pytest.raises(ReleaseError, match=r"^PyPI has no SHA-256 of h11 0\.16\.0\.$"):
        list(PAPERS["pins"]("h11==0.16.0\n"))


def test_uv_is_asked_for_every_platform_and_the_tested_versions(tmp_path: Path) -> None:
    uv = program(tmp_path, 'echo "$PWD: $*"')
    assert PAPERS["resolved"](ROOT, ("metrics", "watch"), uv) == (
        f"{ROOT}: pip compile --quiet --no-config --no-header --universal --generate-hashes "
        "--annotation-style line --python-version 3.11 --constraint constraints.txt "
        "--extra metrics --extra watch pyproject.toml\n"
    )
    without = tmp_path / "without.txt"
    assert PAPERS["resolved"](ROOT, (), uv, without).endswith(
        f"--constraint constraints.txt --override {without} pyproject.toml\n"
    )


def test_that_pypi_does_not_answer_is_said_in_one_sentence(tmp_path: Path) -> None:
    uv = program(
        tmp_path,
        "echo 'error: Request failed after 3 retries in 4.0s' >&2\n"
        "echo '  cause: Failed to fetch: https://pypi.org/simple/h11/' >&2\n"
        "exit 2",
    )
    with pytest.raises(ReleaseError) as refused:
        PAPERS["resolved"](ROOT, (), uv)
    assert str(refused.value) == (
        "The hashes of what the release runs with can't be had (Failed to fetch: "
        "https://pypi.org/simple/h11/); see that PyPI can be reached, and run “make dist” again."
    )


def test_licences_are_those_that_packages_give_themselves() -> None:
    told = [PAPERS["licence"](name) for name in ("h11", "gradio", "scipy", "no-such-package")]
    assert told == [
        "MIT",
        "Apache-2.0",
        "BSD License",
        "not said; the package is not installed here",
    ]
    own = {"h11": "MIT", "uvicorn": "BSD-3-Clause"}
    assert PAPERS["licence_list"]([H11, UVICORN], own.__getitem__) == (
        "h11 0.16.0      MIT\nuvicorn 0.54.0  BSD-3-Clause\n"
    )


def test_the_bill_of_materials_is_valid_and_whole() -> None:
    told = {"h11": "MIT", "uvicorn": PAPERS["UNKNOWN"]}

    def write() -> dict[str, Any]:
        bill = PAPERS["bill_of_materials"](
            "citadel-qa", "0.1.0", "Apache-2.0", [H11, UVICORN], told.__getitem__
        )
        found: dict[str, Any] = json.loads(bill)
        assert found["metadata"].pop("timestamp")
        return found

    found = write()
    assert found == write()
    assert found.pop("serialNumber").startswith("urn:uuid:")
    h11 = "https://pypi.org/project/h11/0.16.0/"
    uvicorn = "https://pypi.org/project/uvicorn/0.54.0/"
    assert found == {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": "citadel-qa",
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "name": "citadel-qa",
                "type": "application",
                "version": "0.1.0",
            }
        },
        "components": [
            component("h11", "0.16.0", h11, ONE, OTHER, licenses=[{"license": {"id": "MIT"}}]),
            component(
                "uvicorn",
                "0.54.0",
                uvicorn,
                THIRD,
                properties=[{"name": "citadel:marker", "value": UVICORN.marker}],
            ),
        ],
        "dependencies": [
            {"ref": "citadel-qa", "dependsOn": ["h11", "uvicorn"]},
            {"ref": "h11"},
            {"ref": "uvicorn", "dependsOn": ["h11"]},
        ],
    }


def test_a_bill_that_would_not_be_valid_is_not_written() -> None:
    odd = Pin("h11", "0.16.0", "", ("no hash",), ("a",))
    with pytest.raises(ReleaseError, match=r"^The bill of materials would not be valid: "):
        PAPERS["bill_of_materials"]("a", "1", "MIT", [odd], lambda _: "MIT")
