"""The roster: who and what there is for the evening, and the teams made of it."""
