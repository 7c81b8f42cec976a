"""Measures the product: always ratios taken in one run, always repeatable with one command."""
