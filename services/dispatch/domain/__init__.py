"""What dispatch knows without any framework: the evening, its visits, plans and what was told."""
