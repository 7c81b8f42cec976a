"""Registration's composition roots, a module a process: each loads only what its process needs."""
