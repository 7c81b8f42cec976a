"""Registration's own commands: cities, import, export."""
