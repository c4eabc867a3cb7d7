"""The board of a class: which exercises are solved, and where people are stuck."""
