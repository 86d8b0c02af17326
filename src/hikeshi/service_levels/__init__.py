"""What the desk promises: targets for owning, answering, containing, restoring and resolving, and the clocks that run
against them on business time.

A clock is never set by hand. ``reckoning.replay`` works it out from the ledger's facts of the record; rows hold the
result so that the engine finds what is due, and ``hikeshi verify --state`` works it out again.
"""
