"""How long each category of data is kept, what is held back from deletion, and the deleting itself.

Domains above say which of their rows belong to a category (``categories.register``); this package knows periods, holds
and times, and calls them. A hold names an opaque subject.
"""
