"""A service's PostgreSQL."""

from components.data.database import Database

component = Database
