"""Notify's HTTP API for programs."""
