"""The kinds of things that are found: for each, its words, who sees it, how a question narrows it, what is shown."""
