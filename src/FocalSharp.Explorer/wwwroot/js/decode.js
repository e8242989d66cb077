"use strict";
/*
 * Candidates from the head's raw outputs, as FocalSharp.Core decodes them: (location, class) pairs above a score, the integral of each side's
 * distribution as its distance, and everything in pixels of the original image. NMS follows in selection.js.
 */
focalsharp.decode = (() => {
  const QUANTILES = [0.05, 0.95], MAX_MODES = 3;

  const softmax = (values, start, count) => {
    let highest = -Infinity, sum = 0;
    for (let i = 0; i < count; i++) {
      highest = Math.max(highest, values[start + i]);
    }
    const result = new Array(count);
    for (let i = 0; i < count; i++) {
      sum += result[i] = Math.exp(values[start + i] - highest);
    }
    return result.map((value) => value / sum);
  };

  const moments = (probabilities) => {
    const mean = probabilities.reduce((sum, p, i) => sum + p * i, 0);
    return { mean, deviation: Math.sqrt(probabilities.reduce((sum, p, i) => sum + p * (i - mean) ** 2, 0)) };
  };

  const modes = (probabilities, unit) => probabilities
    .map((p, i) => [i * unit, p])
    .filter(([, p], i) => (i === 0 || p > probabilities[i - 1]) && (i === probabilities.length - 1 || p >= probabilities[i + 1]))
    .sort((a, b) => b[1] - a[1]).slice(0, MAX_MODES);

  // The distance below which the probability is reached, with the probability of a bin spread over its width.
  const quantile = (probabilities, level) => {
    let sum = 0;
    for (let i = 0; i < probabilities.length; i++) {
      if (sum + probabilities[i] >= level) {
        return Math.min(probabilities.length - 1, Math.max(0, i - 0.5 + (level - sum) / probabilities[i]));
      }
      sum += probabilities[i];
    }
    return probabilities.length - 1;
  };

  /** Returns candidates, highest score first. */
  return ({ logits, sides, model, frame, minScore, max }) => {
    const { classes, strides, regMax, centerOffset, maxPerLevel } = model;
    const count = classes.length, bins = regMax + 1;
    const least = Math.log(minScore / (1 - minScore));
    const pairs = [];
    let first = 0;
    for (const stride of strides) {
      const width = Math.ceil(frame.paddedWidth / stride), height = Math.ceil(frame.paddedHeight / stride);
      const level = [];
      for (let point = first; point < first + width * height; point++) {
        for (let label = 0; label < count; label++) {
          if (logits[point * count + label] > least) {
            level.push({ point, label, stride, logit: logits[point * count + label], column: (point - first) % width, row: Math.floor((point - first) / width) });
          }
        }
      }
      level.sort((a, b) => b.logit - a.logit);
      pairs.push(...(maxPerLevel > 0 ? level.slice(0, maxPerLevel) : level));
      first += width * height;
    }
    pairs.sort((a, b) => b.logit - a.logit);

    const scale = [1 / frame.scaleX, 1 / frame.scaleY];
    return pairs.slice(0, max).map(({ point, label, stride, logit, column, row }) => {
      const origin = [(column + centerOffset) * stride, (row + centerOffset) * stride];
      const distributions = [0, 1, 2, 3].map((side) => softmax(sides, (point * 4 + side) * bins, bins));
      const stats = distributions.map(moments);
      const toward = (side) => (side < 2 ? -1 : 1);
      const edge = (side, distance) => origin[side % 2] + toward(side) * distance * stride;
      const inside = (side, value) => Math.min(side % 2 ? frame.height : frame.width, Math.max(0, value)) * scale[side % 2];
      const unit = [0, 1, 2, 3].map((side) => stride * scale[side % 2]);
      return {
        label,
        score: 1 / (1 + Math.exp(-logit)),
        box: stats.map(({ mean }, side) => inside(side, edge(side, mean))),
        mean: stats.map(({ mean }, side) => edge(side, mean) * scale[side % 2]),
        deviation: stats.map(({ deviation }, side) => deviation * unit[side]),
        quantiles: QUANTILES.map((probability) => ({
          probability,
          position: distributions.map((bins_, side) => edge(side, quantile(bins_, side < 2 ? 1 - probability : probability)) * scale[side % 2]),
        })),
        origin: [0, 1, 2, 3].map((side) => origin[side % 2] * scale[side % 2]),
        bin: unit,
        entropy: distributions.map((values) => -values.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0)),
        modes: distributions.map((values, side) => modes(values, unit[side])),
        distributions,
      };
    }).filter(({ box }) => box[2] > box[0] && box[3] > box[1]);
  };
})();
