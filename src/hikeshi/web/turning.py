"""Characters that turn writing round, shown by name instead of obeyed."""

# LRE, RLE, PDF, LRO, RLO and the isolates: honest text never needs to order its own display.
TURNING = {code: f"[U+{code:04X}]" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
