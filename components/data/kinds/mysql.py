"""A service's MySQL."""

from components.data.database import Database

component = Database
