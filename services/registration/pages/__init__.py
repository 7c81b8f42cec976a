"""The pages that hosts see: cities, the form, a party's private page."""
