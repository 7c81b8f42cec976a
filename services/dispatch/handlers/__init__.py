"""What dispatch does: hears facts, takes the actions of the night. Edges call it."""
