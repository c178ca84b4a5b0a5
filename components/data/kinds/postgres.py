"""A service's PostgreSQL."""

from components.data.database import Database as Made

__all__ = ["Made"]
