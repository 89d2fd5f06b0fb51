"""What control needs to know (section IV): samples, what the system notices in a case, terms broken, what may be destroyed."""
