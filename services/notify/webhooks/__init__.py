"""What providers tell notify by itself, each request signed by who sends it. Only main uses it."""
