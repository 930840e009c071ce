"""What is wrong, or will bite, in a file that can be read: one registry, one small module a family."""
