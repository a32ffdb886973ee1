# `make demo` shows the whole product on invented logs; `make test` builds and runs every test. Both install what is missing.

SWIFT ?= swift

.PHONY: setup test demo release format lint bench clean

setup:
	@Tests/Tools/setup.sh

test: setup
	@echo "building the tests; the first time takes some minutes" >&2
	$(SWIFT) build --build-tests --quiet
	$(SWIFT) test --skip-build --disable-xctest --quiet

release: setup
	@echo "building release; the first time takes some minutes" >&2
	$(SWIFT) build -c release --product accrue --quiet

demo: release
	@Tests/Tools/demo.sh

format:
	$(SWIFT) format format --in-place --recursive --parallel Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift

bench: release
	@Tests/Performance/setup_peers.sh
	.build/release/accrue bench --format table

clean:
	rm -rf .build out
