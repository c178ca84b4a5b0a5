"""What no schema can say: references that lead nowhere, claims that clash, bounds that cross."""
