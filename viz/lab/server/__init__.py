"""The server of the lab: access checks, sessions, and the frames that pages receive."""
