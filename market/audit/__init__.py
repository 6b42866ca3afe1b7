"""What must hold of the books at each close of a month, checked apart from the code that wrote them."""
