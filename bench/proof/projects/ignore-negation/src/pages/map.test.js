// Left out.
