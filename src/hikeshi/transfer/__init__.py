"""What leaves the desk for other tools, and what comes from them."""
