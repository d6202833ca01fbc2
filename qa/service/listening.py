"""The address that a server listens at: whether it can, and what is wrong where it can't."""

from __future__ import annotations

import errno
import socket
from ipaddress import IPv6Address, ip_address

from citadel.index.errors import CitadelError


def check_address(host: str, port: int) -> str:
    """Refuse an address before Gradio, which would call every failure a busy port.

    Returns:
        The host as it can be listened at: without brackets, and an address of IPv4 as such.

    Raises:
        CitadelError: It can't be listened at; the message says why, and the mend.

    """
    host = _plain(host)
    if not host.strip():
        raise CitadelError("--host is empty; give an address of this machine, such as 127.0.0.1.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise CitadelError(
            f"{host} is no address of this machine; choose another one with --host."
        ) from error
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise port_in_use(port) from error
            raise CitadelError(
                f"{host}, port {port}, can't be used ({error.strerror}); "
                "choose others with --host and --port."
            ) from error
    return host


def _plain(host: str) -> str:
    """Take the brackets of an address away, and what makes one of IPv6 of it."""
    host = host.removeprefix("[").removesuffix("]")
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


def address_to_open(host: str, port: int) -> str:
    """Return what a person on this machine opens, where a server listens at a host."""
    anywhere = {"0.0.0.0": "localhost", "::": "::1"}
    name = anywhere.get(host, host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def port_in_use(port: int) -> CitadelError:
    """Return the error that says so."""
    return CitadelError(f"Port {port} is in use; choose another one with --port.")
