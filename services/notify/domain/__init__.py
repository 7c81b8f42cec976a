"""What notify knows and how it decides to speak. Pure; only the standard library."""
