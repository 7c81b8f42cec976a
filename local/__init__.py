"""The embedded mode and the command line; it starts services but never imports one."""
