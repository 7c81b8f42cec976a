"""The JSON API: parties of a city, and one party by its private token."""
