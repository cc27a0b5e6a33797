# Everything one does with a checkout. Each target makes ready what it needs first.

.DEFAULT_GOAL := help
SECONDS_EACH ?= 120

.PHONY: help setup build library dist header stubs demo test test-rust test-php test-real coverage chaos fuzz prove bench check-memory lint clean

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Find or make the PHP and Laravel to work with
	@scripts/setup

build: setup ## Build the extension as build/queue_autoscale.so
	@scripts/build-extension

library: ## Build the C library as build/libqueue_autoscale.so
	@scripts/build-library

dist: setup ## Build what a release has, into build/dist: archives, checksums, list of crates, packages
	@scripts/dist

header: ## Write include/queue_autoscale.h anew
	@QUEUE_AUTOSCALE_WRITE_HEADER=1 cargo test --quiet --package queue-autoscale-header-test the_header_is_what_the_sources_say

demo: build ## Autoscale a live load for 90 s (QUEUE=sqlite|redis, DURATION=seconds, RECORD=file)
	@scripts/demo

test: test-rust test-php ## Run every test

test-rust: setup ## Run the core's tests
	@scripts/test-rust

test-php: build library ## Run the PHPUnit suites on real Laravel
	@scripts/test-php

test-real: build library ## Run the PHPUnit suites on the real packages (PACKAGES=folder, LARAVEL=folder)
	@PACKAGES='$(PACKAGES)' LARAVEL='$(LARAVEL)' scripts/test-real

coverage: build library ## Measure which share of php/src the tests run
	@scripts/coverage

chaos: build ## Kill, stop and starve the workers for minutes; 10,000 lives of a worker
	@QUEUE_AUTOSCALE_CHAOS=long scripts/test-php chaos
	@QUEUE_AUTOSCALE_SOAK_CYCLES=10000 cargo test --package queue-autoscale --test supervisor nothing_is_left_of_many_lives

fuzz: setup ## Make up input for whatever reads or decides on what comes from outside (SECONDS_EACH=seconds a target)
	@scripts/fuzz --seconds $(SECONDS_EACH)

prove: ## Compare the engine with others on every scenario
	@cargo test --quiet --profile prove --package queue-autoscale-proof --test simulator_bounds -- --include-ignored
	@cargo run --quiet --profile prove --package queue-autoscale-proof --bin prove

bench: build library ## Measure what deciding and supervising cost
	@cargo bench --package queue-autoscale-benches
	@scripts/php benches/turn.php
	@scripts/php benches/cluster.php
	@scripts/php benches/ffi.php
	@QUEUE_AUTOSCALE_EXTENSION=ffi scripts/php benches/ffi.php

check-memory: build ## Look for leaks over ten thousand turns, with valgrind
	@scripts/check-memory

stubs: build ## Write php/stubs anew from the extension
	@scripts/php scripts/stubs.php

lint: setup ## Check format, lints and style
	@scripts/lint

clean: ## Remove everything that was built or set up in this checkout
	rm -rf --one-file-system build target .phpunit.cache tests/app/vendor tests/app/storage tests/app/bootstrap/cache
