"""What every package may lean on: clock, ids, actors, facts, worlds, refusals, paging. No word of the domain."""
