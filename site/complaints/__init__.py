"""Complaints about the order of the service (section V): filing, the one writer of their status, terms, letters, files."""
