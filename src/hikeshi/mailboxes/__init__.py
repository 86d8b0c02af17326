"""What comes to the desk by mail: mailboxes it reads, mail it is handed, and what becomes of each letter."""
