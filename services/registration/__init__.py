"""Registration: hosts, their parties and the cities' settings. No other service imports it."""
