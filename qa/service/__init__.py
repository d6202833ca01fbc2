"""What surrounds the answers when strangers may ask: the HTTP API, and limits on every request."""
