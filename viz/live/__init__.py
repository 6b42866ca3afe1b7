"""The live lab: what runs behind its pages and what they show, with no word of the server that carries them."""
