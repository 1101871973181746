# Two commands matter: `make run` and `make test`. Both work on a fresh Debian machine that has a Swift toolchain.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run
.PHONY: setup build run test autobahn slowhttp lint format bench endpoints endpoints-check protobuf vectors demo cluster torture sanitize

CONFIGURATION ?= debug
SCRATCH ?= .build
RELEASE_SCRATCH ?= $(SCRATCH)

# A target may import only what Package.swift lets it: everything else fails the build.
BUILD_FLAGS := --explicit-target-dependency-import-check error
BUILD := swift build --scratch-path $(SCRATCH) --configuration $(CONFIGURATION) $(BUILD_FLAGS)
RINGSIDE := $(SCRATCH)/$(CONFIGURATION)/ringside
SWIFT_FILES := Package.swift Sources Tests Benchmarks/Package.swift

# Debian packages, Swagger UI's files, the Python checks. Does nothing when all is there, and needs no network then.
setup:
	scripts/setup.sh

build:
	$(BUILD) --product ringside

# A server on a club of a few days around today; the database is kept in .setup/run. Ctrl-C drains it.
# Without a network it runs all the same, without /docs.
run:
	scripts/setup.sh --tolerate-offline
	$(MAKE) --no-print-directory build
	mkdir -p .setup/run
	exec $(RINGSIDE) serve --database sqlite://.setup/run/ringside.sqlite --generated-club $(SERVE_FLAGS)

# On both engines: scripts/test.sh says how. TEST_FLAGS="--filter 'Hub|Session'" picks some.
test: setup
	$(BUILD) --build-tests
	scripts/test.sh $(SCRATCH)/$(CONFIGURATION)/ringsidePackageTests.xctest $(TEST_FLAGS)
	$(MAKE) --no-print-directory endpoints-check
	.setup/python/bin/python scripts/check-protocol.py
	.setup/python/bin/python scripts/check-server.py $(RINGSIDE)
	.setup/python/bin/python scripts/check-clients.py $(RINGSIDE)
	.setup/python/bin/python scripts/check-engine.py $(RINGSIDE)
	.setup/python/bin/python scripts/check-display.py $(RINGSIDE)
	scripts/demo.sh $(RINGSIDE)
	scripts/cluster.py $(RINGSIDE) --short

# All 517 cases of the WebSocket conformance suite; AUTOBAHN_FLAGS=--fast leaves out what is only repeated in other sizes.
autobahn: build
	scripts/setup-autobahn.sh
	.setup/autobahn/bin/python scripts/autobahn/run.py $(RINGSIDE) $(AUTOBAHN_FLAGS)

# Clients that are as slow as they can be, on purpose; the server has to answer the others.
slowhttp: build
	scripts/setup-slowhttp.sh
	scripts/slowhttp.sh $(RINGSIDE)

lint:
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)
	scripts/lint.sh

format:
	swift format --in-place --parallel --recursive $(SWIFT_FILES)

# Bookings, reads and fan-out per second with the CPU that each costs; docs/performance.md explains the table.
bench:
	scripts/setup-peers.sh
	swift build --scratch-path $(RELEASE_SCRATCH) --configuration release $(BUILD_FLAGS) --product ringside
	swift build --package-path Benchmarks --configuration release
	python3 Benchmarks/run.py $(RELEASE_SCRATCH)/release/ringside $(BENCH_FLAGS)
	python3 Benchmarks/realtime.py $(RELEASE_SCRATCH)/release/ringside $(REALTIME_BENCH_FLAGS)

# The contract for people who write clients, generated from the code and reviewed in diffs.
endpoints: build
	scripts/endpoints.sh $(RINGSIDE) write

endpoints-check: build
	scripts/endpoints.sh $(RINGSIDE) check

# The Swift code of protocol/client.proto, and the examples that both forms of the protocol are tested against.
protobuf:
	scripts/protobuf.sh

vectors:
	$(BUILD) --build-tests
	RINGSIDE_WRITE_VECTORS=1 swift test --scratch-path $(SCRATCH) --configuration $(CONFIGURATION) $(BUILD_FLAGS) --skip-build \
		--disable-xctest --no-parallel --filter VectorTests

# Half a year of a sports club against a fresh server: the club that RINGSIDE_CLUBDATA names, or a generated one.
demo: build
	scripts/demo.sh $(RINGSIDE)

# Three nodes behind nginx, with PostgreSQL and Redis, while one part after the other fails: 3,000 watchers, 20,000 bookings. `make test` does
# the same in small. CONFIGURATION=release is what it is meant for; docs/operations.md says what happens when a part is away.
cluster: build
	scripts/setup.sh --tolerate-offline
	scripts/cluster.py $(RINGSIDE) $(CLUSTER_FLAGS)

# Long runs on release builds: a network that fails at every byte, 10,000 clients that come and go, kill -9 hundreds of times. Takes some
# twenty minutes without the build, and two processes with 12,000 open files each. TORTURE_SUITES names some of them.
torture:
	scripts/torture.sh $(TORTURE_SUITES)

# All tests under the address and the thread sanitizer; SANITIZE_FLAGS='Wire|Realtime' picks some.
sanitize:
	scripts/sanitize.sh address $(SANITIZE_FLAGS)
	scripts/sanitize.sh thread $(SANITIZE_FLAGS)
