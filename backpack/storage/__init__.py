"""What is kept: tables, the database, blobs."""
