"""The compiled inside of the planner: flat integer arrays, no objects, no interpreter lock."""
