"""Notify's pages for people: the outbox, a city's settings and its wording."""
