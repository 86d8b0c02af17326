"""Answers that come back by mail: what a mail says, the mailbox they lie in, and the loop that reads it."""
