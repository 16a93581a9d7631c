# Docstore's commands. `make` alone lists them. PORT, STATE and STACK may be set: make run PORT=8001 STACK=full
SHELL := /bin/bash
.DEFAULT_GOAL := help

PORT ?= 8000
STATE_FROM := $(filter-out undefined,$(origin STATE))
STACK_FROM := $(filter-out undefined,$(origin STACK))
STATE ?= $(if $(filter full,$(STACK)),var/full,var)
STACK ?= embedded
PYTHON := .venv/bin/python
export DOCSTORE_STATE := $(abspath $(STATE))
export PORT STACK
# Whether the caller said which demo court is meant, or left it to us.
GIVEN := $(STATE_FROM)$(STACK_FROM)
# With STACK=full every command uses the services that `make services` has started, or those the environment names.
SERVICES := $(if $(filter full,$(STACK)),source ops/full-stack.sh &&,)

.PHONY: help run reset key clock test check bench services services-stop services-status reindex doctor setup requirements references pictures matrix

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## install what is missing: system programs, Python and page styles
	@ops/setup.sh

run: setup ## start the demo court at http://127.0.0.1:$PORT/ (STACK=full: on real services)
	@$(SERVICES) exec $(PYTHON) -m ops.supervise --port $(PORT)

reset: ## throw the demo court under STATE away (YES=1 does not ask)
	@$(SERVICES) ops/reset.sh

key: ## print one API key for a demo person: make -s key WHO=clerk
	@GIVEN="$(GIVEN)" ops/demo.sh demo_key "$(WHO)"

clock: ## move the demo court's clock forward: make -s clock ADVANCE=30d
	@GIVEN="$(GIVEN)" ops/demo.sh demo_clock --advance "$(ADVANCE)"

test: setup ## run every test, on the real services where they can be had
	@ops/test.sh

check: setup ## formatter, linter, types, walls, migrations, generated references
	@ops/check.sh

bench: setup ## measure the promises and print the tables: make bench PARTS="search filing"
	@source ops/full-stack.sh && $(PYTHON) -m benchmarks $(PARTS)

services: setup ## start PostgreSQL, Redis, OpenSearch, S3 and clamd on loopback ports
	@$(PYTHON) -m ops.services start

services-stop: ## stop them
	@$(PYTHON) -m ops.services stop

services-status: ## say how they are
	@$(PYTHON) -m ops.services status

reindex: ## build the search index anew
	@GIVEN="$(GIVEN)" ops/demo.sh reindex

doctor: ## look at every part and say what to do
	@GIVEN="$(GIVEN)" ops/demo.sh doctor

references: ## write the generated references under docs/reference
	@$(PYTHON) manage.py references

pictures: ## take the pictures of the documentation again
	@$(PYTHON) -m tests.browser.pictures

matrix: ## look at every page in every role and state in a browser (some 20 minutes)
	@DOCSTORE_WHOLE_MATRIX=1 nice -n 5 $(PYTHON) -m pytest tests/browser/test_every_page.py -rP

requirements: ## compile requirements/*.in to hashed .txt
	@for one in base test production station; do .venv/bin/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 requirements/$$one.in -o requirements/$$one.txt || exit 1; done
