"""The one client for HTTP to other hosts (SEC-80): allowed hosts only, addresses pinned, no redirects, little read.

A name is resolved once, every address it has must be allowed, and the connection goes to that very address; so a name
that changes its mind between look and use gains nothing. Private, link-local and metadata addresses are closed unless
the operator opened their network.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from docstore.core import conf
from docstore.core.errors import Invalid, Refusal

SECONDS = 15.0
MOST_READ = 64 * 1024
PORTS = {"https": 443, "http": 80}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class TargetNotAllowed(Invalid):
    """Nothing is sent to {host}. An operator has to add it to the allowed hosts first."""

    code = "target-not-allowed"


class TargetUnreachable(Refusal):
    """{host} did not answer: {why}."""

    code = "target-unreachable"
    status = 502
    retryable = True


@dataclass(frozen=True, slots=True)
class Answered:
    """What the other side said; no more of it than is needed to tell what went wrong."""

    status: int
    body: bytes


def check_target(url: str) -> None:
    """Raise TargetNotAllowed unless this address may be sent to at all. Nothing is looked up yet."""
    _allowed(url)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
    """Send `body` to an allowed address and return the answer, whatever its status; raise TargetUnreachable."""
    target = _allowed(url)
    host, port = str(target.hostname), target.port or PORTS[target.scheme]
    address = _resolved(host, port)
    if target.scheme == "http" and not address.is_loopback:
        raise TargetNotAllowed(host=f"{host} without encryption")
    line = _line(target.scheme, host, port, address)
    try:
        line.request("POST", target.path or "/", body, {"Host": _named(target), **headers})
        answer = line.getresponse()
        return Answered(answer.status, answer.read(MOST_READ))
    except (OSError, http.client.HTTPException) as error:
        raise TargetUnreachable(host=host, why=str(error) or type(error).__name__) from error
    finally:
        line.close()


def _allowed(url: str) -> SplitResult:
    target = urlsplit(url)
    fine = (
        target.scheme in PORTS and target.hostname and not target.username and not target.query and not target.fragment
    )
    if not fine or _named(target) not in conf.get().outbound.hosts:
        raise TargetNotAllowed(host=target.hostname or url[:60])
    return target


def _named(target: SplitResult) -> str:
    """The host as the allow-list names it: with its port where that is not the usual one."""
    usual = target.port in (None, PORTS.get(target.scheme))
    return str(target.hostname) if usual else f"{target.hostname}:{target.port}"


def _resolved(host: str, port: int) -> Address:
    """The address to connect to. One address that is not allowed spoils the name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise TargetUnreachable(host=host, why="its name is not known") from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses or not all(_is_open(one) for one in addresses):
        raise TargetNotAllowed(host=f"{host}, which is inside a private network,")
    return addresses[0]


def _is_open(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return _is_open(address.ipv4_mapped)
    opened = (ipaddress.ip_network(one) for one in conf.get().outbound.private_networks)
    return (address.is_global and not address.is_multicast) or any(address in network for network in opened)


def _line(scheme: str, host: str, port: int, address: Address) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(str(address), port, timeout=SECONDS)
    return _PinnedConnection(host, port, address)


class _PinnedConnection(http.client.HTTPSConnection):
    """TLS to one address, with the certificate checked against the name."""

    def __init__(self, host: str, port: int, address: Address) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self._trust)
        self._address = str(address)

    def connect(self) -> None:
        """Connect to the address that was checked, whatever the name says by now."""
        plain = socket.create_connection((self._address, self.port), SECONDS)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)
