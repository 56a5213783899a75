#!/usr/bin/env python3
"""Times librosa's constant-Q transforms of one clip from samples, as the presets cqt, vqt and hcqt have them. Prints one line of
JSON: milliseconds a clip.
"""
import argparse
import json
import os
import statistics
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("clip")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--repeats", type=int, default=7)
parser.add_argument("--only", choices=["cqt", "vqt", "hcqt"], action="append")
arguments = parser.parse_args()
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(arguments.threads)

import librosa
import numpy as np

C1 = librosa.note_to_hz("C1")


def decibels(magnitudes):
    return librosa.amplitude_to_db(magnitudes, ref=np.max, amin=1e-5, top_db=80)


transforms = {
    "cqt": lambda y: decibels(np.abs(librosa.cqt(y))),
    "vqt": lambda y: decibels(np.abs(librosa.vqt(y))),
    "hcqt": lambda y: decibels(np.stack(
        [np.abs(librosa.cqt(y, fmin=C1 * harmonic, n_bins=72)) for harmonic in (0.5, 1, 2, 3, 4, 5)], axis=-1)),
}
samples, _ = librosa.load(arguments.clip, sr=22050)
result = {"peer": f"librosa {librosa.__version__}", "unit": "ms per clip", "seconds": round(len(samples) / 22050, 2)}
for name in arguments.only or transforms:
    transform, times = transforms[name], []
    transform(samples), transform(samples)
    for _ in range(arguments.repeats):
        start = time.perf_counter()
        transform(samples)
        times.append(1e3 * (time.perf_counter() - start))
    result[name] = {"min": round(min(times), 2), "median": round(statistics.median(times), 2)}
print(json.dumps(result))
