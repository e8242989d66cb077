"use strict";
/* Initial logits: distributions of different shapes with the same mean. */
focalsharp.shapes = (() => {
  const SPREAD = 12; // between the highest and the lowest logit; e^-12 is negligible

  const bell = (k, center, width) => Math.exp(-((k - center) ** 2) / (2 * width * width));
  const outlines = {
    sharp: (k, mean) => bell(k, mean, 0.4),
    wide: (k, mean) => bell(k, mean, 2.2),
    flat: () => 1,
    bimodal: (k, mean) => bell(k, mean - 3.5, 0.7) + 0.8 * bell(k, mean + 3.5, 0.7),
  };
  // A softmax is invariant to a shift: center the logits between the highest and the lowest.
  const fit = (logits) => {
    const highest = Math.max(...logits), lowest = Math.max(Math.min(...logits), highest - SPREAD);
    return logits.map((x) => Math.max(x, lowest) - (highest + lowest) / 2);
  };

  // Adding λ·k moves the mean and preserves the kind of shape; λ is found by bisection.
  const make = (name, n, mean) => {
    const base = Array.from({ length: n + 1 }, (_, k) => Math.log(outlines[name](k, mean) + 1e-9));
    const tilted = (slope) => fit(base.map((x, k) => x + slope * (k - mean)));
    let low = -30, high = 30;
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2;
      if (focalsharp.formulas.distribution(tilted(middle)).expectation < mean) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return tilted((low + high) / 2);
  };

  return { names: Object.keys(outlines), make };
})();
