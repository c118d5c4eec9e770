# The front door. `make` builds everything into build/ (Meson and Ninja underneath); what is missing
# on a Debian machine is installed first.
.PHONY: all demo ci test test-long test-web diagnose bench fuzz lint coverage install clean setup

all: build/build.ninja
	@ninja -C build

build/build.ninja: | setup
	@meson setup build >build-setup.log 2>&1 \
	  || { cat build-setup.log; exit 1; }; mv build-setup.log build/

setup:
	@sh tools/setup.sh

demo: all
	@sh tools/demo.sh

test: all
	@sh tools/setup.sh test
	@sh tools/test.sh

# all that is checked of every change: test, lint, coverage, the unit tests under valgrind; nearly an hour
ci:
	@sh tools/ci.sh

# what takes minutes to hours: every file of tests/long/
test-long: all
	@sh tools/setup.sh test
	@sh tools/test-long.sh

test-web: all
	@sh tools/setup.sh test
	@node tests/web/test.mjs build/descent

# every planted fault and healthy training; writes how many were found into docs/diagnosis.md. Then the
# cases that no threshold was tuned on, which are only told of.
diagnose: all
	@python3 tests/diagnose/run.py build/descent --remedy --failures --markdown docs/diagnosis.md
	@python3 tests/diagnose/run.py build/descent --remedy --cases tests/diagnose/unseen --markdown docs/diagnosis.md || true
	@python3 tests/diagnose/run.py build/descent --cost 5 --markdown docs/diagnosis.md

bench: all
	@sh bench/run.sh $(PART)

# every reader fed with damaged input, a minute each: make fuzz SECONDS=10
fuzz:
	@sh tools/setup.sh fuzz
	@sh tools/fuzz.sh $(or $(SECONDS),60)

lint: build/build.ninja
	@sh tools/lint.sh

# the share of lines that the suite runs, by folder and by file; fails under the targets of tools/coverage.py
coverage: setup
	@sh tools/setup.sh test
	@sh tools/coverage.sh

install: all
	@meson install -C build

clean:
	rm -rf build
