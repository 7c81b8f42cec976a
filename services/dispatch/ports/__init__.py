"""What dispatch's handlers need from the world, by subject. Adapters implement it."""
