"""How good the answers are: measured, compared, and kept from getting worse."""
