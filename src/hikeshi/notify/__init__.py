"""Messages out: what is to be said to whom is queued as a row, sent after commit, and proved line by line.

Packages above say what they want to tell (``messages.Message``), bring the words (``wording.register``) and what an
answer does (``answers.register``); this package knows ways, channels, limits and proof, and nothing of incidents.
"""
