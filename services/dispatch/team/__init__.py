"""The team's page on a phone: opened by a link for one shift, works without signal."""
