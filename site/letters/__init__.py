"""Letters to people: texts with placeholders, the outbox, and the ways by which letters go."""
