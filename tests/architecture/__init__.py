"""What holds for the whole source: who imports whom, what importing does, how files are written."""
