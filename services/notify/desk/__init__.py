"""What staff decides about messages: rules, rows and the audit log together. Web edges use it."""
