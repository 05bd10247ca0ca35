# rolecall: `make annotate` takes a fresh clone to annotated articles, `make test` tests it, `make help` lists the rest.

CARGO    ?= cargo
OUT      := annotated.jsonl
DATA_DIR := $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/rolecall

.DEFAULT_GOAL := help
.PHONY: annotate help setup build test test-external lint gold figures bench bench-evaluate install clean

annotate: setup ## Build, and annotate the development articles of corpus/ into annotated.jsonl
	$(CARGO) run --release -- annotate corpus/articles/development -o $(OUT)
	@articles=$$(wc -l < $(OUT)); roles=$$(grep -o '"role":' $(OUT) | wc -l); \
	printf '\n%s holds %d articles and %d roles, an article a line. To look at the first:\n' "$(CURDIR)/$(OUT)" $$articles $$roles; \
	printf "  head -1 $(OUT) | python3 -m json.tool | less\n"

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Find libtorch 2.4, or fetch it once for all clones; does nothing when it is there
	@.cargo/libtorch.sh

build: setup ## Build the release binary, target/release/rolecall
	$(CARGO) build --release

test: setup ## Run every test that needs nothing but Rust, documentation examples among them
	$(CARGO) test
	@[ -d "$${ROLECALL_SEEDS:-../shared/seeds}" ] || \
	echo 'make test: passed over, for want of the folder that ROLECALL_SEEDS names: the comparison with its articles'

test-external: setup ## Run the tests that need Python: the set-up script; the tools of others; the pages in Chromium
	tests/setup/run.sh
	tests/external/run.sh

lint: setup ## Check formatting, lints, documentation, and that figures change for a reason; a warning is an error
	tests/figures/commits.sh
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --no-deps

SPLITS := train development test

gold: build ## Compile the marked articles of corpus/ to corpus/gold
	@for split in $(SPLITS); do \
	target/release/rolecall import --from marked corpus/marked/$$split --articles corpus/articles/$$split \
	  -o corpus/gold/$$split.jsonl || exit; done

figures: build ## Write corpus/figures anew: how good rolecall is on the development and the test split
	@for split in development test; do gold=corpus/gold/$$split.jsonl; \
	target/release/rolecall annotate --quiet --precision f32 $$gold -o $(OUT) && \
	target/release/rolecall evaluate --gold $$gold --pred $(OUT) --by hearing --by manner > $(OUT).md && \
	mv $(OUT).md corpus/figures/$$split.md || exit; done; rm -f $(OUT)
	@echo 'corpus/figures is written; show the new figures in README.md, and say in the commit why they changed: Figures: ...'

bench: setup ## Measure words/s and wordpieces/s of the default model
	$(CARGO) bench --bench recognise

bench-evaluate: setup ## Measure articles/s and memory of evaluate on 100,000 articles; takes 10 GB of disk meanwhile
	$(CARGO) bench --bench evaluate

install: setup ## Install the binary with cargo, and the default model into the user's data folder
	$(CARGO) install --path . --locked
	mkdir -p '$(DATA_DIR)/models/rolecall-ner'
	cp models/rolecall-ner/* '$(DATA_DIR)/models/rolecall-ner/'

clean: ## Delete what was built and annotated here; the libtorch that clones share stays
	$(CARGO) clean
	rm -f $(OUT) $(OUT).part
