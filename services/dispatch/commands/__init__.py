"""Dispatch's own commands: plan."""
