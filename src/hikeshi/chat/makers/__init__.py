"""Each tool's way of calling the desk."""
