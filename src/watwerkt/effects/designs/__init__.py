"""One module a design, with two verbs: ``prepare`` from arms and covariates, ``estimate`` once outcomes are there."""
