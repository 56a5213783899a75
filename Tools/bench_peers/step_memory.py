#!/usr/bin/env python3
"""A few PyTorch training steps of cnn4 in one process and one variant (fp32, eager, channels-last), for its peak memory."""
import argparse
import json

import torch
from torch import nn

from emotify import cnn4

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--frames", type=int, default=1292)
parser.add_argument("--threads", type=int, default=2)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
model = cnn4(10).to(memory_format=torch.channels_last)
x = torch.randn(arguments.batch, 1, 128, arguments.frames).to(memory_format=torch.channels_last)
y = torch.randint(0, 10, (arguments.batch,))
optimizer, loss = torch.optim.AdamW(model.parameters(), 1e-3), nn.CrossEntropyLoss()
for _ in range(3):
    optimizer.zero_grad(set_to_none=True)
    loss(model(x), y).backward()
    optimizer.step()
print(json.dumps({"peer": f"torch {torch.__version__}"}))
