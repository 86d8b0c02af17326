"""One record in one file: everything the desk holds of it, with the proof that nobody changed it since.

The form is described in docs/operations.md. ``extract`` checks such a file and needs nothing of the site: no Django, no
database, no key.
"""
