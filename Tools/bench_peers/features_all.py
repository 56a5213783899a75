#!/usr/bin/env python3
"""Times librosa's feature extractors on one clip, from samples (22,050 Hz, window 2048, hop 512, one thread).

Band extractors that librosa lacks are its STFT and NumPy's matrix product with a bank of the same size, levels included:
what a user of librosa would write. Prints one line of JSON: for each extractor the shape of its map and ms per clip.
"""
import argparse
import json
import os
import statistics
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("clip")
parser.add_argument("--seconds", type=float, default=30, help="how much of the clip to use")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--repeats", type=int, default=11)
parser.add_argument("--only", nargs="*", help="names of the extractors to time (default: all)")
arguments = parser.parse_args()
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = str(arguments.threads)
import librosa
import numpy as np

RATE = 22050
samples, _ = librosa.load(arguments.clip, sr=RATE, duration=arguments.seconds)
random = np.random.default_rng(0)
log_bank, gammatone_bank = (random.random((rows, 1025), dtype=np.float32) for rows in (147, 64))


def level(power):
    return librosa.power_to_db(power, ref=np.max)


def magnitudes():
    return np.abs(librosa.stft(samples))


def mfcc_with_deltas():
    coefficients = librosa.feature.mfcc(y=samples, sr=RATE)
    return np.concatenate([coefficients, librosa.feature.delta(coefficients), librosa.feature.delta(coefficients, order=2)])


EXTRACTORS = {
    "melspec": lambda: level(librosa.feature.melspectrogram(y=samples, sr=RATE)),
    "stft": lambda: level(magnitudes() ** 2),
    "stft-log": lambda: librosa.amplitude_to_db(log_bank @ magnitudes(), ref=np.max),
    "mfcc": lambda: librosa.feature.mfcc(y=samples, sr=RATE),
    "mfcc-deltas": mfcc_with_deltas,
    "chroma": lambda: librosa.feature.chroma_stft(y=samples, sr=RATE, tuning=0),
    "pcen": lambda: librosa.pcen(librosa.feature.melspectrogram(y=samples, sr=RATE, power=1) * 2**31, sr=RATE),
    "gammatone": lambda: librosa.amplitude_to_db(gammatone_bank @ magnitudes(), ref=np.max),
    "contrast": lambda: librosa.feature.spectral_contrast(y=samples, sr=RATE),
    "tempogram": lambda: librosa.feature.tempogram(y=samples, sr=RATE),
    "cqt": lambda: level(np.abs(librosa.cqt(samples, sr=RATE)) ** 2),
    "vqt": lambda: level(np.abs(librosa.vqt(samples, sr=RATE)) ** 2),
}


def timed(function):
    shape, times = function().shape, []
    for _ in range(arguments.repeats):
        start = time.perf_counter()
        function()
        times.append(1e3 * (time.perf_counter() - start))
    return {"shape": list(shape), "min": round(min(times), 2), "median": round(statistics.median(times), 2)}


print(json.dumps({
    "peer": f"librosa {librosa.__version__}", "threads": arguments.threads, "seconds": round(len(samples) / RATE, 2),
    "unit": "ms per clip",
    "from_samples": {name: timed(function) for name, function in EXTRACTORS.items() if name in (arguments.only or EXTRACTORS)},
}))
