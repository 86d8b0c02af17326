"""The verbs of duty, by noun. The only writer of this domain's rows."""
