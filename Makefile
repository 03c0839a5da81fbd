# The two commands a newcomer needs, and the scripts of scripts/ by name. Each sets up what it takes, once.
#
#   make demo                     a video, without any key, token or network
#   make test                     all tests
#   make demo ARGS='--once'       arguments are passed on
#   make test VENV=/tmp/reelroom  the environment elsewhere than .venv

VENV ?= .venv
export VENV

.PHONY: demo test check format bench docs lock setup

demo:
	@scripts/setup run
	@exec $(VENV)/bin/python -m bot demo $(ARGS)

test:
	@scripts/test $(ARGS)

check format bench docs lock setup:
	@scripts/$@ $(ARGS)
