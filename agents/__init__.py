"""Who decides, and how: the firms, the users, the investors, and their strategies."""
