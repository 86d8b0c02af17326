"""Business hours and days, public holidays, closing days: when a clock of business time runs. Pure."""
