"""What starts and stops Docstore on a plain machine. Standard library only; imports nothing of the product."""
