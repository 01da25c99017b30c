.PHONY: check test lint dictionaries gate bench
check: lint test dictionaries gate

test:
	pytest
	pytest -m parser

lint:
	ruff check .
	ruff format --check .
	mypy

dictionaries:
	waqai check

gate:
	python benchmarks/gate.py

bench:
	pytest benchmarks --benchmark-columns=median,ops,rounds -s
