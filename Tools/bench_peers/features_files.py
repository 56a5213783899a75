#!/usr/bin/env python3
"""Features of sound files with librosa, one file after the other, as a user writes it: load, melspectrogram, power_to_db,
numpy.save. Prints one line of JSON; the clock starts after the imports."""
import argparse
import json
import time
from pathlib import Path

import librosa
import numpy as np

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("files", nargs="+", type=Path)
parser.add_argument("--out", required=True, type=Path)
arguments = parser.parse_args()
start = time.perf_counter()
for path in arguments.files:
    samples, rate = librosa.load(path, sr=22050)
    power = librosa.feature.melspectrogram(y=samples, sr=rate, n_fft=2048, hop_length=512, n_mels=128)
    np.save(arguments.out / f"{path.stem}.npy", librosa.power_to_db(power, ref=np.max))
seconds = time.perf_counter() - start
print(json.dumps({"files": len(arguments.files), "median": 1e3 * seconds / len(arguments.files), "unit": "ms per clip"}))
