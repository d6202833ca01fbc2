"""Question sets and corpora in the forms they come in, read into one."""
