"""What registration knows about cities and parties; standard library only."""
