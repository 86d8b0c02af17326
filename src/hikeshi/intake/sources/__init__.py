"""What detectors send, as data: one folder per source with its mapping, samples and what they must become."""
