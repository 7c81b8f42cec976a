"""What registration does, as functions on ports. Edges and the front desk call them."""
