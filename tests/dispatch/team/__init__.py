"""The team's page on a phone, its links, and what teams bring back."""
