"""The rows of duty: who is on call, and who is called after whom."""
