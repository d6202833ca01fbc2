"""Writes next to a wheel what it runs with: hashes of every file, a bill of materials, licences.

    python .ci/describe_release.py dist

``requirements.txt`` names each package with the SHA-256 of each of its files, for every platform,
as PyPI has them now: ``pip install --require-hashes --requirement requirements.txt`` takes nothing
else. ``requirements-serving.txt`` is the part of them that a server needs, see serving.txt; to be
installed with ``--no-deps``, too. ``sbom.cdx.json`` is a CycloneDX bill of materials of all these
packages, ``licences.txt`` has their licences, both as their own metadata in this environment say.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent

EXTRAS = ("metrics", "multilingual", "watch")
"""What “make serve” installs, too."""

UNKNOWN = "not said; the package is not installed here"

_PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+))?")
_SAYS_NO_MORE = {"", "UNKNOWN", "Dual License"}
_LONGEST_NAME = 100
"""Some put the whole text of their licence where its name belongs."""


class ReleaseError(Exception):
    """What a release runs with can't be said; the message is for people."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A package that a release runs with.

    Attributes:
        name: As PyPI has it, normalised.
        version: The one that it is tested with.
        marker: Where it is needed; "" for everywhere.
        hashes: SHA-256 of each of its files, in hexadecimal.
        needed_by: The packages that ask for it, the release itself included.

    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]


def resolved(project: Path, extras: Sequence[str], uv: Path, without: Path | None = None) -> str:
    """Return what uv finds that a project runs with, as a file of requirements with hashes.

    Args:
        project: The folder of its pyproject.toml and constraints.txt.
        extras: Of the project, to be installed as well.
        uv: The program, which asks PyPI.
        without: Names what is to be left out with all that only it asks for, as uv takes it.

    Raises:
        ReleaseError: PyPI does not answer, or has not what the constraints ask for.

    """
    about = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    (oldest,) = re.findall(r">=([\d.]+)", about["requires-python"])
    command = [str(uv), "pip", "compile", "--quiet", "--no-config", "--no-header", "--universal"]
    command += ["--generate-hashes", "--annotation-style", "line", "--python-version", oldest]
    command += ["--constraint", "constraints.txt"]
    command += [part for extra in extras for part in ("--extra", extra)]
    command += [] if without is None else ["--override", str(without)]
    found = subprocess.run(
        [*command, "pyproject.toml"], cwd=project, capture_output=True, text=True, check=False
    )
    if found.returncode:
        said = found.stderr.strip().splitlines() or ["no reason given"]
        causes = [line.strip().removeprefix("cause: ") for line in said if "cause:" in line]
        raise ReleaseError(
            "The hashes of what the release runs with can't be had "
            f"({(causes or said)[0].removeprefix('error: ').rstrip('.')}); "
            "see that PyPI can be reached, and run “make dist” again."
        )
    return found.stdout


def pins(requirements: str) -> Iterator[Pin]:
    """Read back what ``resolved`` gave."""
    for entry in re.split(r"\n(?=\S)", requirements.strip()):
        first, *_ = entry.partition(" \\\n")
        pin = _PIN.fullmatch(first.strip())
        if pin is None:
            raise ReleaseError(f"uv gives “{first}”, where a pinned package was to be.")
        hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry))
        if not hashes:
            raise ReleaseError(f"PyPI has no SHA-256 of {pin['name']} {pin['version']}.")
        _, _, via = entry.partition("# via ")
        needed_by = tuple(
            each.removesuffix(" (pyproject.toml)")
            for each in via.strip().split(", ")
            if each and not each.startswith("-c ")
        )
        yield Pin(pin["name"], pin["version"], pin["marker"] or "", hashes, needed_by)


def licence(name: str) -> str:
    """Return the licence of an installed package, in its own words; ``UNKNOWN`` of no other."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return UNKNOWN
    for field in ("License-Expression", "License"):
        told = " ".join(about.get_all(field) or ()).strip()
        if told not in _SAYS_NO_MORE and "\n" not in told and len(told) <= _LONGEST_NAME:
            return told
    classes = [
        classifier.rpartition(" :: ")[2]
        for classifier in about.get_all("Classifier") or []
        if classifier.startswith("License :: ") and classifier != "License :: OSI Approved"
    ]
    return " AND ".join(classes) or "not said in its metadata"


def licence_list(found: Sequence[Pin], licence_of: Callable[[str], str] = licence) -> str:
    """Return one line for each package: name, version, licence."""
    rows = [(f"{pin.name} {pin.version}", licence_of(pin.name)) for pin in found]
    width = max(len(package) for package, _ in rows)
    return "".join(f"{package:{width}}  {told}\n" for package, told in rows)


def bill_of_materials(
    name: str,
    version: str,
    own_licence: str,
    found: Sequence[Pin],
    licence_of: Callable[[str], str] = licence,
) -> str:
    """Return a CycloneDX bill of materials, as JSON.

    Raises:
        ReleaseError: It would not be a valid one.

    """
    make = LicenseFactory()
    release = Component(
        type=ComponentType.APPLICATION,
        name=name,
        version=version,
        bom_ref=name,
        licenses=[make.make_from_string(own_licence)],
    )
    bom = Bom()
    # The same release has the same bill.
    bom.serial_number = uuid5(NAMESPACE_URL, f"{name} {version} {found}")
    bom.metadata.component = release
    components = {name: release}
    for pin in found:
        told = licence_of(pin.name)
        components[pin.name] = Component(
            type=ComponentType.LIBRARY,
            name=pin.name,
            version=pin.version,
            bom_ref=pin.name,
            purl=PackageURL("pypi", None, pin.name, pin.version),
            licenses=[] if told == UNKNOWN else [make.make_from_string(told)],
            external_references=[
                ExternalReference(
                    type=ExternalReferenceType.DISTRIBUTION,
                    url=XsUri(f"https://pypi.org/project/{pin.name}/{pin.version}/"),
                    hashes=[
                        HashType(alg=HashAlgorithm.SHA_256, content=sha256) for sha256 in pin.hashes
                    ],
                )
            ],
            properties=[Property(name="citadel:marker", value=pin.marker)] if pin.marker else [],
        )
        bom.components.add(components[pin.name])
    for component in components.values():
        needs = [components[pin.name] for pin in found if component.name in pin.needed_by]
        bom.register_dependency(component, needs)
    written = JsonV1Dot6(bom).output_as_string(indent=1)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(written)
    if fault is not None:
        raise ReleaseError(f"The bill of materials would not be valid: {fault}")
    return written


def main(dist: Path) -> None:
    """Write the papers into the folder of a wheel."""
    about = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    uv = Path(sys.executable).with_name("uv")
    requirements = resolved(ROOT, EXTRAS, uv)
    serving = resolved(ROOT, EXTRAS, uv, ROOT / ".ci" / "not_for_serving.txt")
    found = list(pins(requirements))
    bill = bill_of_materials(about["name"], about["version"], about["license"], found)
    (dist / "requirements.txt").write_text(requirements, "utf-8")
    (dist / "requirements-serving.txt").write_text(serving, "utf-8")
    (dist / "sbom.cdx.json").write_text(bill, "utf-8")
    (dist / "licences.txt").write_text(licence_list(found), "utf-8")
    print(
        f"requirements.txt, sbom.cdx.json and licences.txt name {len(found)} packages; "
        f"requirements-serving.txt has {len(list(pins(serving)))} of them."
    )


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except ReleaseError as error:
        sys.exit(str(error))
