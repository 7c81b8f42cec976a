"""The roster's pages and its API: people, vehicles, teams, imports, duty sheets."""
