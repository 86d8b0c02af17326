"""Mail as it really comes, read without ever failing: charsets, broken headers, attachments, what machines answer."""
