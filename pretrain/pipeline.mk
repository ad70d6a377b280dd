# From data to public/models: make -f pipeline.mk MODEL=rooms-64 DATA=FOLDER RUN=FOLDER
MODELS ?= ../public/models
PYTHON ?= python3
# The recipe of the bundled models that were trained on a CPU; empty is the paper's.
TRAIN ?= --ngf 32 --ndf 32 --batch 64 --ema 0.999 --flip --decay-from 0.7 --steps 20000 --bf16 --channels-last
JUDGE ?=
LOOK ?= $(RUN)/look

all: train export judges exemplars evaluate card

train:
	$(PYTHON) train.py --data $(DATA) --out $(RUN) $(TRAIN)
export:
	$(PYTHON) export.py --id $(MODEL) --run $(RUN) --models $(MODELS)
judges:
	$(PYTHON) judge.py --id $(MODEL) --data $(DATA) --out $(MODELS)/$(MODEL)/judge.safetensors $(JUDGE)
	$(PYTHON) judge.py --id $(MODEL) --data $(DATA) --variant second --out judges/$(MODEL).safetensors $(JUDGE)
exemplars:
	$(PYTHON) exemplars.py --id $(MODEL) --models $(MODELS) --grids $(LOOK)
evaluate:
	$(PYTHON) evaluate.py --id $(MODEL) --data $(DATA) --models $(MODELS) --grids $(LOOK)
card:
	$(PYTHON) export.py --id $(MODEL) --models $(MODELS)

.PHONY: all train export judges exemplars evaluate card
