"""The pages of rules: what they do, how well, and a basket of examples for their files."""
