"""Fulfils notify's ports with PostgreSQL, SMTP, files and templates. Only main imports it."""
