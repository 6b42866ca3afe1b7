"""The live lab: worlds, pages and sessions, without any knowledge of the web framework that serves them."""
