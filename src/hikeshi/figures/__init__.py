"""Figures people look at: each says how it is counted, and counts only what its reader may see."""
