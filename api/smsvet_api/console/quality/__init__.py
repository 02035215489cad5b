"""The page of review quality: agreement, golden items and disagreements."""
