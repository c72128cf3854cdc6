"""A model in a package: `raddle check -m pkg.main` in the folder above."""
