"""The stories of the article: their files, how they are played against controls, and what is told of them."""
