"""By what a replay of a log knows again the rules that it was of."""

import hashlib
from collections.abc import Iterable

import msgspec

from components.design.edge_model import RequestRule


def journey_digest(host: str, paths: Iterable[str], rules: Iterable[RequestRule]) -> str:
    """The SHA-256 of all that decides what becomes of the requests for a journey, apart from previews: the
    host, its paths, and the rules in front."""
    return hashlib.sha256(msgspec.json.encode([host, sorted(paths), decisive(rules)])).hexdigest()


def decisive(rules: Iterable[RequestRule]) -> list[RequestRule]:
    """Rules without what says of them whether they only log, and since when."""
    return [msgspec.structs.replace(rule, preview=False, limit=_limit(rule)) for rule in rules]


def _limit(rule: RequestRule) -> object:
    limit = rule.limit
    return None if limit is None else msgspec.structs.replace(limit, mode="enforce", previewed_on=None)
