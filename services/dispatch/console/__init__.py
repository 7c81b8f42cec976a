"""The dispatcher's pages: the list of cities and a city's live board."""
