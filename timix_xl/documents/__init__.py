"""What leaves the house: the PDF of a document, and the files it is written to."""
