"""The index's own writing, for the package above that knows what is found. Everybody else imports it from here."""

from hikeshi.search.actions.tables import install
from hikeshi.search.actions.writing import Text, empty, forget, put

__all__ = ["Text", "empty", "forget", "install", "put"]
