"""Documents composed from everything below: the incident report."""
