#!/usr/bin/env python3
"""Times fp32 PyTorch training steps of cnn4 in one variant and one process: so that its memory can be told, and so that a
variant that crashes takes no other with it. Prints one line of JSON.
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn

from emotify import cnn4

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--frames", type=int, default=1292)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--repeats", type=int, default=5)
parser.add_argument("--channels-last", action="store_true")
parser.add_argument("--compile", action="store_true")
arguments = parser.parse_args()
torch.manual_seed(0)
torch.set_num_threads(arguments.threads)
layout = torch.channels_last if arguments.channels_last else torch.contiguous_format
network = cnn4(10).to(memory_format=layout)
model = torch.compile(network) if arguments.compile else network
x = torch.randn(arguments.batch, 1, 128, arguments.frames).to(memory_format=layout)
y = torch.randint(0, 10, (arguments.batch,))
optimizer, loss = torch.optim.AdamW(network.parameters(), 1e-3), nn.CrossEntropyLoss()
times = []
for _ in range(arguments.repeats + 1):
    start = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    loss(model(x), y).backward()
    optimizer.step()
    times.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"peer": f"torch {torch.__version__}", "unit": "ms per step", "min": min(times[1:]),
                  "median": statistics.median(times[1:])}))
