"""The HTTP API of dispatch."""
