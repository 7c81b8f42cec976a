"""The contracts between services: examples kept for ever, the routes table, refusals."""
