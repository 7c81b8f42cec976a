"""What the three services share: contracts and plumbing, no business. Anybody may import it."""
