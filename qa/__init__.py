"""What we say: the answer to a question, its citations, and the page that shows them."""
