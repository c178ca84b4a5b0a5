"""The queue of jobs in Redis: a job that was taken lies in its worker's own list until it is done."""

import redis

QUEUE = "jobs"


def client(port: int) -> redis.Redis:
    """A client of the Redis behind a port of this machine."""
    return redis.Redis(host="127.0.0.1", port=port, socket_timeout=2, socket_connect_timeout=2)


def in_hand(worker: str) -> str:
    """The list of what a worker has taken, and not done yet."""
    return f"in-hand:{worker}"


def left(port: int) -> int:
    """How many jobs wait in a Redis or are in somebody's hand. Raises redis.RedisError."""
    with client(port) as server:
        return sum(int(server.llen(key)) for key in (QUEUE, *server.scan_iter("in-hand:*")))
