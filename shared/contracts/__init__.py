"""Every message between services: frozen types with a marshmallow schema beside each."""
