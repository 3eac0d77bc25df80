"""What a person marks: the texts that wait, and the marks that come back."""
