"""Prints what ml_dtypes and NumPy make of every code, and of many float32 numbers, as bits in hexadecimal."""

import sys

import ml_dtypes
import numpy as np

FORMATS = {
    "E4M3FN": (ml_dtypes.float8_e4m3fn, np.uint8, 256),
    "E4M3FNUZ": (ml_dtypes.float8_e4m3fnuz, np.uint8, 256),
    "E5M2": (ml_dtypes.float8_e5m2, np.uint8, 256),
    "E5M2FNUZ": (ml_dtypes.float8_e5m2fnuz, np.uint8, 256),
    "E2M1": (ml_dtypes.float4_e2m1fn, np.uint8, 16),
    "E8M0": (ml_dtypes.float8_e8m0fnu, np.uint8, 256),
    "BF16": (ml_dtypes.bfloat16, np.uint16, 65536),
    "FP16": (np.float16, np.uint16, 65536),
}

# Numbers of every binade, both signs, the specials, and the middles between neighbours of the small formats.
generator = np.random.default_rng(1)
bits = generator.integers(0, 2**32, 20000, dtype=np.uint64).astype(np.uint32)
ordinary = generator.normal(size=5000).astype(np.float32)
with np.errstate(all="ignore"):
    for name, (dtype, integer, codes) in FORMATS.items():
        values = np.arange(codes, dtype=integer).view(dtype).astype(np.float32)
        for code, value in enumerate(values.view(np.uint32)):
            print("decode", name, f"{code:x}", f"{value:x}")
        finite = np.sort(values[np.isfinite(values)])[:: max(1, codes // 2048)]
        middles = ((finite[1:].astype(np.float64) + finite[:-1]) / 2).astype(np.float32)
        numbers = np.concatenate([bits.view(np.float32), ordinary, middles])
        if name == "E2M1":
            numbers = numbers[np.isfinite(numbers)]
        encoded = numbers.astype(dtype).view(integer)
        for number, code in zip(numbers.view(np.uint32), encoded):
            print("encode", name, f"{number:x}", f"{code:x}")
sys.stdout.flush()
