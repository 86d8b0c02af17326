"""What each command does: one act or one look as the person who wrote, and the words of the answer."""
