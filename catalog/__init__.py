"""The catalog: what the organisation writes down about its services, and its one reader."""
