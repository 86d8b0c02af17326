"""The doors for chat tools: what arrives is proved, understood, done as the person who wrote it, and answered."""
