"""What notify does: hears facts, decides to speak, hands messages over. Edges call it."""
