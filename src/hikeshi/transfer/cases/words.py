"""What stands in the README of every exported case, for whoever opens it far from the desk."""

README = """\
One record of an incident desk (Hikeshi), whole.

record.json           the record and all its parts; times in UTC
timeline-*.txt        what happened, for reading; .csv for a spreadsheet, .ndjson for programs
files/                the attached files, each in a ZIP of its own behind the password "infected":
                      among them may be malware. files.json and files.csv list them with their SHA-256.
ledger/               what proves that nothing was changed: this record's entries, the digests of all
                      entries of the desk since, and the desk's signed head
manifest.json         the SHA-256 of every part of this file; manifest.sig is the desk's signature of it

Check it anywhere, without the desk:   hikeshi verify --extract THIS-FILE.zip
It prints the public key of the desk that signed: compare it with the one the desk itself shows (hikeshi head --json).

This file holds everything that was written into the record. Handle it by the record's TLP marking.
"""
