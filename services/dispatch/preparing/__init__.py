"""What a planner does in the weeks before: policies, edits, drafts. Edges and `main` call it."""
