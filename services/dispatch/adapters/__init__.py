"""Dispatch's ports on PostgreSQL, numpy and the earth's curve."""
