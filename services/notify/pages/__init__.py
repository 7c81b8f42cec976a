"""Notify's pages for people: the outbox."""
