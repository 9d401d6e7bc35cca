// Kept: read at run time.
