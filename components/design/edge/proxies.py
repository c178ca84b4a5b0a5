"""Who may reach an origin that stands behind another proxy."""

from catalog.kinds.environment import EnvironmentSpec


def let_through(environment: EnvironmentSpec, proxy: str) -> list[str]:
    """The address ranges of the proxy in front, none without one. Their order is no matter of the file's: a
    rule holds ten at most, and a line that moved would rewrite all of them."""
    return [] if proxy == "none" else sorted(environment.trusted_proxies)
