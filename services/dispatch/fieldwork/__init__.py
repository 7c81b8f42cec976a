"""What dispatch does with teams on the road: links, taps, photos, positions. Edges call it."""
