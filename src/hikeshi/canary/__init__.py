"""The canary: an alert of the desk's own that must come in by the door, be judged, call somebody and be answered."""
