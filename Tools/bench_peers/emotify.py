#!/usr/bin/env python3
"""Trains the reference cnn4 on precomputed log-mel features with PyTorch, as a user would write it.

The recipe of Tools/measure-emotify: random crops of 256 frames, batch 16, AdamW 2e-3 with weight decay 1e-2, one-cycle with
20 % warm-up, label smoothing 0.1; after every epoch each validation clip is scored by the mean softmax of five evenly spaced
crops. The features are in memory before the clock starts; the clock stops when the last epoch is evaluated. Prints one line
of JSON.
"""
import argparse
import json
import time

import numpy as np
import torch
from torch import nn


def cnn4(labels, channels=(32, 64, 128, 256)):
    layers, width = [], 1
    for out in channels:
        layers += [nn.Conv2d(width, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(2)]
        width = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3),
                         nn.Linear(width, 128), nn.ReLU(), nn.Linear(128, labels))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features", help=".npz with train (a map a clip), train_labels, valid, valid_labels")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--plan-epochs", type=int, help="epochs that the learning rate is planned for (default: --epochs)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--crop", type=int, default=256)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--compile", action="store_true", help="torch.compile; its first steps are in the time")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    data = np.load(arguments.features)
    train, valid = torch.from_numpy(data["train"]), torch.from_numpy(data["valid"])
    train_labels, valid_labels = torch.from_numpy(data["train_labels"]), torch.from_numpy(data["valid_labels"])
    mean, deviation = train.mean(), train.std()
    print(json.dumps(fit(arguments, (train - mean) / deviation, train_labels, (valid - mean) / deviation, valid_labels)))


def fit(arguments, train, train_labels, valid, valid_labels):
    start = time.monotonic()
    random = np.random.default_rng(arguments.seed)
    network = cnn4(int(train_labels.max()) + 1)
    layout = torch.channels_last if arguments.channels_last else torch.contiguous_format
    network = network.to(memory_format=layout)
    model = torch.compile(network) if arguments.compile else network
    loss_function = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-2)
    steps = len(train) // arguments.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 2e-3, total_steps=(arguments.plan_epochs or arguments.epochs) * steps, pct_start=0.2)
    crop, epoch_seconds, step_seconds, accuracy = arguments.crop, [], 0.0, 0.0
    for _ in range(arguments.epochs):
        epoch_start = time.monotonic()
        model.train()
        order = random.permutation(len(train))
        for step in range(steps):
            clips = order[step * arguments.batch:(step + 1) * arguments.batch]
            starts = random.integers(0, train.shape[2] - crop + 1, len(clips))
            inputs = torch.stack([train[clip, None, :, first:first + crop] for clip, first in zip(clips, starts)])
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(model(inputs.contiguous(memory_format=layout)), train_labels[clips])
            loss.backward()
            optimizer.step()
            schedule.step()
            loss.item()
        step_seconds += time.monotonic() - epoch_start
        accuracy = evaluate(model, valid, valid_labels, crop, layout)
        epoch_seconds.append(time.monotonic() - epoch_start)
    return {"peer": f"torch {torch.__version__}", "epochs": arguments.epochs, "seconds": time.monotonic() - start,
            "epoch_seconds": epoch_seconds, "step_seconds": step_seconds, "accuracy": accuracy}


def evaluate(model, valid, labels, crop, layout):
    """The share of clips whose label gets the highest mean softmax over five evenly spaced crops."""
    model.eval()
    starts = [round(index * (valid.shape[2] - crop) / 4) for index in range(5)]
    correct = 0
    with torch.no_grad():
        for clip, label in zip(valid, labels):
            crops = torch.stack([clip[None, :, first:first + crop] for first in starts])
            scores = torch.softmax(model(crops.contiguous(memory_format=layout)), 1).mean(0)
            correct += int(scores.argmax() == label)
    return correct / len(labels)


if __name__ == "__main__":
    main()
