"""The outside world, one module a thing: PostgreSQL, telephone numbers, signed links."""
