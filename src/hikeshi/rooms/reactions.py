"""What rooms do when the packages below announce something."""
