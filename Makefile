# What a person does with corpusd's sources. `make run` and `make test` install what they need.

SWIFT ?= swift
PYTHON ?= python3
CONFIG ?= etc/corpusd.example.yaml
# Release throughout: what is tested is what runs, and nothing is compiled twice.
# Without debug information: what Swift's optimiser merges depends on it, and on the place of the sources by it.
# ConciseMagicFile: '#file' is the name of a file without its place, in packages of Swift 5, too.
BUILD := $(SWIFT) build -c release -debug-info-format none \
	-Xswiftc -enable-upcoming-feature -Xswiftc ConciseMagicFile $(SWIFTFLAGS)
BIN := .build/release
# The program of the packages: the same objects, linked with Swift's libraries inside.
STATIC := .build-static/corpusd
# Where the packages are put.
DEBS := .build-deb
VENV := .build-test/venv
OLD_CLIENT := .build-test/old-client
API_FUZZING := .build-test/api-fuzzing
FUZZ ?= 1000
MODEL := models/all-MiniLM-L6-v2
REFERENCE := .build-test/reference.json
OFFICE := .build-test/office
PROMTOOL := .build-test/promtool

# The same for C, where BoringSSL's messages name files. Read by clang alone.
export CCC_OVERRIDE_OPTIONS := \# +-ffile-prefix-map=$(CURDIR)=.

export CORPUSD := $(CURDIR)/$(BIN)/corpusd
export CORPUSD_MODEL := $(CURDIR)/$(MODEL)
export CORPUSD_REFERENCE := $(CURDIR)/$(REFERENCE)
export CORPUSD_OFFICE := $(CURDIR)/$(OFFICE)
export CORPUSD_PROMTOOL := $(CURDIR)/$(PROMTOOL)/promtool

.PHONY: build static run test test-swift test-conformance test-end-to-end test-deb test-reproducible test-emulated deb dependencies \
	fuzz coverage lint layers bench bench-ingest bench-save model client screenshots clean

# Without the modules of Swift's own that were made for tests: with them, objects would not be those of a clean clone.
build: deps-build
	@rm -f $(BIN)/ModuleCache/*.swiftmodule
	$(BUILD) --product corpusd

static: build
	scripts/link-static $(BIN) $(STATIC)

run: build model client
	@mkdir -p documents
	@[ -n "$$(ls -A documents)" ] || cp etc/welcome.md documents/
	@echo "Copy files into $(CURDIR)/documents and look at http://127.0.0.1:8003/ (Ctrl-C stops it)."
	@echo 'Search: $(BIN)/corpusd search --config $(CONFIG) "how do I begin"'
	@exec $(BIN)/corpusd serve --config $(CONFIG)

test: test-swift test-conformance test-end-to-end

# The program first, see there.
test-swift: build deps-test model $(REFERENCE) $(OFFICE)/ready
	$(BUILD) --build-tests
	$(SWIFT) test -c release --skip-build

test-conformance: deps-test client $(VENV)/ready $(OLD_CLIENT)/ready
	$(BUILD) --product socketio-testserver
	$(VENV)/bin/python -m pytest -q Tests/Conformance

# Pictures of the page's main states, each out of a real run, in .build-test/screenshots.
screenshots: deps-test model client $(VENV)/ready
	$(BUILD) --product corpusd
	$(VENV)/bin/python -m pytest -q Tests/EndToEnd/gallery.py
	@ls .build-test/screenshots

test-end-to-end: deps-test model client $(VENV)/ready $(API_FUZZING)/ready $(OFFICE)/ready \
		$(PROMTOOL)/promtool
	$(BUILD) --product corpusd
	$(VENV)/bin/python -m pytest -q Tests/EndToEnd

# Everything that 'make deb' needs from elsewhere; after it, no network is used.
dependencies: deps-package model client
	[ -f .build/workspace-state.json ] && [ -f Package.resolved ] || $(SWIFT) package resolve

# The packages, in .build-deb; as root or not.
deb: dependencies
	scripts/build-packages $(DEBS)

# The packages' life in a booted system; needs root.
test-deb: deb $(VENV)/ready deps-package-test
	scripts/test-packages $(DEBS) $(DEBS)-test $(VENV)/bin/python

# Whether the last commit gives the same packages at another place, byte for byte: everything is compiled once more.
test-reproducible: deb
	scripts/compare-builds $(DEBS)

# The packages under Debian's own kernel in an emulated machine: AppArmor enforced, NFS. Ten minutes or so; needs root.
test-emulated: deb $(OFFICE)/ready deps-emulated-test
	$(PYTHON) debian/tests/emulated/emulate.py --packages $(DEBS) --documents $(OFFICE) --cache $(DEBS)-test

# The fuzz tests of `make test`, a thousand times as long; FUZZ says otherwise.
fuzz: deps-test
	$(BUILD) --build-tests
	CORPUSD_FUZZ_ITERATIONS=$(FUZZ) $(SWIFT) test -c release --skip-build --filter Fuzz

coverage: deps-build
	scripts/measure-coverage

lint:
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

layers:
	@scripts/check-layers

bench: $(VENV)/bench $(REFERENCE)
	$(BUILD) --product embed-bench
	$(BUILD) --product storage-bench
	$(BUILD) --product watch-bench
	$(BUILD) --product socketio-testserver
	$(VENV)/bin/python Tests/Benchmarks/embed_bench.py --bench $(BIN)/embed-bench --model $(MODEL) \
		--reference $(REFERENCE)
	$(BIN)/storage-bench
	$(BIN)/watch-bench
	$(VENV)/bin/python Tests/Benchmarks/socketio/socketio_bench.py --testserver $(BIN)/socketio-testserver

# Real documents, with a Python pipeline beside it: about a quarter of an hour, and 140 MB to fetch the first time.
bench-ingest: deps-build model $(VENV)/bench
	scripts/get-bench-corpus
	$(BUILD) --product ingest-bench
	$(VENV)/bin/python Tests/Benchmarks/ingest_bench.py --bench $(BIN)/ingest-bench --model $(MODEL) \
		--corpus .build-bench-corpus

# From a save to a hit, by the real daemon: a minute.
bench-save: build model $(VENV)/ready
	scripts/get-corpus
	$(VENV)/bin/python Tests/Benchmarks/save_bench.py --corpus .build-corpus

model:
	@scripts/get-model $(MODEL)

client:
	@scripts/get-client

deps-%:
	@scripts/install-deps $*

# Test data and tools live in .build-test, made once.
$(VENV)/ready: Tests/requirements.txt | deps-test
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement Tests/requirements.txt
	@touch $@

# A client of Socket.IO 2.x; it cannot share an environment with today's.
$(OLD_CLIENT)/ready: Tests/Conformance/old-client.txt $(VENV)/ready
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --target $(OLD_CLIENT) --requirement $<
	@touch $@

# What asks the HTTP interface; an environment of its own, as its pins are not those of the tests.
$(API_FUZZING)/ready: Tests/EndToEnd/api-fuzzing.txt | deps-test
	$(PYTHON) -m venv $(API_FUZZING)
	$(API_FUZZING)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# Office documents, books, images and scans, by the programs that people write them with.
$(OFFICE)/ready: $(wildcard Tests/Fixtures/*) | deps-test
	rm -rf $(OFFICE)
	$(PYTHON) Tests/Fixtures/make-office $(OFFICE)

# What Prometheus itself thinks of the metrics.
$(PROMTOOL)/promtool:
	scripts/get-promtool $(PROMTOOL)

$(VENV)/bench: Tests/Benchmarks/requirements.txt $(VENV)/ready
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(REFERENCE): $(VENV)/ready $(wildcard Tests/Reference/*.py) | model
	$(VENV)/bin/python Tests/Reference/reference.py --model $(MODEL) --out $@

clean:
	rm -rf .build .build-*
