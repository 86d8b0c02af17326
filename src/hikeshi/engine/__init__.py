"""The loops that work when nobody looks. Each asks the database what is due, and is woken at commit."""
