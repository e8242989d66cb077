"use strict";
/*
 * From pixels to the network's input, by the resize rule of the model: bilinear or bicubic with half-pixel centers, or the warp of NanoDet-Plus
 * without them. Values differ from FocalSharp.Imaging's by rounding only.
 */
focalsharp.preprocess = (() => {
  // The taps of one target position: source indices and weights.
  const taps = {
    linear: (at) => [[Math.floor(at), 1 - (at - Math.floor(at))], [Math.floor(at) + 1, at - Math.floor(at)]],
    cubic: (at) => {
      const first = Math.floor(at), t = at - first, a = -0.75; // Keys' kernel with OpenCV's parameter
      const near = (x) => ((a + 2) * x - (a + 3)) * x * x + 1, far = (x) => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
      return [[first - 1, far(t + 1)], [first, near(t)], [first + 1, near(1 - t)], [first + 2, far(2 - t)]];
    },
  };

  const axis = (mode, source, target) => Array.from({ length: target }, (_, i) => {
    const at = mode === "Warp" ? (i * source) / target : ((i + 0.5) * source) / target - 0.5;
    const found = taps[mode === "StretchBicubic" ? "cubic" : "linear"](at);
    return mode === "Warp"
      ? found.filter(([index]) => index >= 0 && index < source) // black beyond the border
      : found.map(([index, weight]) => [Math.min(source - 1, Math.max(0, index)), weight]);
  });

  const resize = (mode, { data, width, height }, to) => {
    const columns = axis(mode, width, to.width), rows = axis(mode, height, to.height);
    const lines = new Map(); // horizontally resized rows, computed when a target row needs them
    const line = (y) => {
      if (!lines.has(y)) {
        const values = new Float32Array(to.width * 3);
        columns.forEach((column, x) => {
          for (const [index, weight] of column) {
            const from = 4 * (y * width + index);
            values[3 * x] += weight * data[from];
            values[3 * x + 1] += weight * data[from + 1];
            values[3 * x + 2] += weight * data[from + 2];
          }
        });
        lines.set(y, values);
      }
      return lines.get(y);
    };
    const result = new Uint8Array(to.paddedWidth * to.paddedHeight * 3);
    rows.forEach((row, y) => {
      const sources = row.map(([index, weight]) => [line(index), weight]);
      for (let i = 0; i < to.width * 3; i++) {
        let sum = 0;
        for (const [values, weight] of sources) {
          sum += weight * values[i];
        }
        result[y * to.paddedWidth * 3 + i] = Math.min(255, Math.max(0, Math.round(sum)));
      }
      for (const known of lines.keys()) {
        if (known < row[0]?.[0] - 4) {
          lines.delete(known);
        }
      }
    });
    return result;
  };

  const size = ({ mode, longSide, shortSide, divisor }, width, height) => {
    let to = { width: longSide, height: shortSide };
    if (mode === "KeepRatio") {
      const factor = Math.min(Math.max(longSide, shortSide) / Math.max(width, height), Math.min(longSide, shortSide) / Math.min(width, height));
      to = { width: Math.max(1, Math.floor(width * factor + 0.5)), height: Math.max(1, Math.floor(height * factor + 0.5)) };
    }
    const up = (side) => Math.ceil(side / divisor) * divisor;
    return { ...to, paddedWidth: up(to.width), paddedHeight: up(to.height) };
  };

  /** Returns the input (uint8, [height, width, 3]) of an image { data (RGBA), width, height }, and where the image is in it. */
  return (image, rule) => {
    const to = size(rule, image.width, image.height);
    return { ...to, scaleX: to.width / image.width, scaleY: to.height / image.height, pixels: resize(rule.mode, image, to) };
  };
})();
