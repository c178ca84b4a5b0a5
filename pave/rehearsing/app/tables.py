"""The app's tables, and its connections to them."""

from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

TABLES = """
CREATE TABLE orders (id bigint PRIMARY KEY, taken_by text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE job_keys (id bigint PRIMARY KEY);
CREATE TABLE bills (order_id bigint NOT NULL, billed_by text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE closings (tick bigint NOT NULL, closed_by text NOT NULL, at timestamptz NOT NULL DEFAULT now());
"""
"""Bills and closings have no key of their own on purpose: one that is made twice can be seen."""


def connect(port: int, **options: Any) -> Connection:
    """A connection to the PostgreSQL behind a port of this machine, each statement a transaction. Raises
    psycopg.Error."""
    return psycopg.connect(
        f"host=127.0.0.1 port={port} user=postgres dbname=postgres connect_timeout=2 sslmode=disable",
        autocommit=True,
        **options,
    )
