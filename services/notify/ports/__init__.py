"""What notify's handlers need of the world, by subject: senders, telling, handing."""
