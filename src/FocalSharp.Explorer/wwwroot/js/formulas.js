"use strict";
/*
 * The losses for the pages. A test evaluates this file in a browser and compares every value with FocalSharp.Core to 1e-6. Scripts may call
 * focalsharp.evaluate("qfl", { sigma: 0.3, y: 0.8, beta: 2 }); the server returns the same values, computed by FocalSharp.Core, at
 * GET /api/losses/qfl?sigma=0.3&y=0.8&beta=2.
 */
var focalsharp = window.focalsharp || {};
window.focalsharp = focalsharp;

focalsharp.formulas = (() => {
  const DEFAULT_GAMMA = 2, DEFAULT_BETA = 2, BOX_EPSILON = 1e-6;

  // The derivative of a power, with the conventions of autograd where it is undefined.
  const powerSlope = (a, exponent) => (exponent === 0 || (a === 0 && exponent < 1) ? 0 : exponent * Math.pow(a, exponent - 1));
  const crossEntropy = (p, y) => (y === 0 ? 0 : -y * Math.log(p)) - (y === 1 ? 0 : (1 - y) * Math.log1p(-p));
  const point = (p, loss, gradientLogit, entropy) =>
    ({ loss, gradientLogit, gradientProbability: gradientLogit / (p * (1 - p)), crossEntropy: entropy });

  // Focal loss, GFL paper eq. 1; for soft labels the general form of mmdetection.
  const fl = ({ p, y = 1, gamma = DEFAULT_GAMMA, alpha = null }) => {
    const miss = (1 - p) * y + p * (1 - y);
    const entropy = crossEntropy(p, y);
    const modulator = Math.pow(miss, gamma);
    const slope = powerSlope(miss, gamma) * (1 - 2 * y) * p * (1 - p);
    const weight = alpha === null ? 1 : alpha * y + (1 - alpha) * (1 - y);
    return point(p, weight * modulator * entropy, weight * (slope * entropy + modulator * (p - y)), entropy);
  };

  // Quality focal loss, eq. 5.
  const qfl = ({ sigma, y, beta = DEFAULT_BETA }) => {
    const distance = y - sigma;
    const entropy = crossEntropy(sigma, y);
    const scale = Math.pow(Math.abs(distance), beta);
    const slope = powerSlope(Math.abs(distance), beta) * Math.sign(distance);
    return point(sigma, scale * entropy, scale * (sigma - y) - slope * entropy * sigma * (1 - sigma), entropy);
  };

  // Softmax with its mean, standard deviation and entropy.
  const distribution = (logits) => {
    const highest = Math.max(...logits);
    const raw = logits.map((x) => Math.exp(x - highest));
    const sum = raw.reduce((a, b) => a + b, 0);
    const probabilities = raw.map((x) => x / sum);
    const expectation = probabilities.reduce((a, p, i) => a + p * i, 0);
    const variance = probabilities.reduce((a, p, i) => a + p * (i - expectation) ** 2, 0);
    const entropy = -probabilities.reduce((a, p) => a + (p > 0 ? p * Math.log(p) : 0), 0);
    return { probabilities, expectation, deviation: Math.sqrt(variance), entropy, logSum: highest + Math.log(sum) };
  };

  // Distribution focal loss, eq. 6.
  const dfl = ({ logits, y }) => {
    const { probabilities, expectation, deviation, entropy, logSum } = distribution(logits);
    const left = Math.min(Math.trunc(y), logits.length - 2);
    const toRight = left + 1 - y, toLeft = y - left;
    const gradient = probabilities.slice();
    gradient[left] -= toRight;
    gradient[left + 1] -= toLeft;
    const loss = (logSum - logits[left]) * toRight + (logSum - logits[left + 1]) * toLeft;
    return { loss, gradient, probabilities, expectation, deviation, entropy };
  };

  // Generalized focal loss, eq. 7, with its derivatives with respect to p_l and p_r.
  const gfl = ({ pl, pr, yl = 0, yr = 1, y, beta = DEFAULT_BETA }) => {
    const log = (p) => Math.max(Math.log(p), -100);
    const toRight = yr - y, toLeft = y - yl;
    const entropy = -(toRight * log(pl) + toLeft * log(pr));
    const expectation = yl * pl + yr * pr;
    const error = y - expectation;
    const scale = Math.pow(Math.abs(error), beta);
    const slope = powerSlope(Math.abs(error), beta) * Math.sign(error) * entropy;
    return {
      loss: scale * entropy,
      gradientLeft: -slope * yl - (scale * toRight) / Math.max(pl, 1e-12),
      gradientRight: -slope * yr - (scale * toLeft) / Math.max(pr, 1e-12),
      expectation,
    };
  };

  // One axis of two boxes: lengths, and the backward pass from their derivatives to the predicted edges. Equal edges get half of the gradient each.
  const axis = (p1, p2, g1, g2) => {
    const inner = Math.min(p2, g2) - Math.max(p1, g1);
    const share = (a, b) => (a > b ? 1 : a < b ? 0 : 0.5);
    const firstIsP = share(p1, g1), lastIsP = share(p2, g2);
    return {
      size: p2 - p1,
      target: g2 - g1,
      overlap: Math.max(inner, 0),
      hull: Math.max(p2, g2) - Math.min(p1, g1),
      shift: g1 + g2 - p1 - p2,
      back: ({ size, overlap, hull, shift }) => {
        const within = inner >= 0 ? overlap : 0;
        return [
          -size - within * firstIsP - hull * (1 - firstIsP) - shift,
          size + within * (1 - lastIsP) + hull * lastIsP - shift,
        ];
      },
    };
  };

  // IoU (arXiv 2006.04388's quality), GIoU (1902.09630), DIoU and CIoU (1911.08287): value, loss 1 − value, and its gradient with respect to x1, y1, x2, y2.
  const box = ({ predicted, target }) => {
    const x = axis(predicted[0], predicted[2], target[0], target[2]);
    const y = axis(predicted[1], predicted[3], target[1], target[3]);
    const overlap = x.overlap * y.overlap;
    const bare = x.size * y.size + x.target * y.target - overlap;
    const atLeast = Math.max(bare, BOX_EPSILON), plus = bare + BOX_EPSILON;
    const above = (value) => (value > BOX_EPSILON ? 1 : value < BOX_EPSILON ? 0 : 0.5);

    // d loss / d areas through the union.
    const areas = (union, share, iou, byUnion) => {
      const area = (byUnion - (iou * overlap) / (union * union)) * share;
      return { area, overlap: iou / union - area };
    };
    const finish = (loss, { area, overlap: byOverlap }, rest = {}) => {
      const { hullX = 0, hullY = 0, shiftX = 0, shiftY = 0, width = 0, height = 0 } = rest;
      const [x1, x2] = x.back({ size: area * y.size + width, overlap: byOverlap * y.overlap, hull: hullX, shift: shiftX });
      const [y1, y2] = y.back({ size: area * x.size + height, overlap: byOverlap * x.overlap, hull: hullY, shift: shiftY });
      return { value: 1 - loss, loss, gradient: [x1, y1, x2, y2] };
    };

    const iou = () => {
      const ratio = overlap / atLeast;
      // The official loss has a minimum of 1e-6 for the IoU; the value has none.
      return { ...finish(1 - Math.max(ratio, BOX_EPSILON), areas(atLeast, above(bare), ratio >= BOX_EPSILON ? -1 : 0, 0)), value: ratio };
    };
    const giou = () => {
      const hull = x.hull * y.hull, enclosure = Math.max(hull, BOX_EPSILON);
      const slope = (above(hull) * atLeast) / (enclosure * enclosure);
      return finish(
        1 - (overlap / atLeast - (enclosure - atLeast) / enclosure),
        areas(atLeast, above(bare), -1, -1 / enclosure),
        { hullX: slope * y.hull, hullY: slope * x.hull });
    };
    const ratio = overlap / plus;
    const diagonal = x.hull ** 2 + y.hull ** 2 + BOX_EPSILON;
    const penalty = (x.shift ** 2 + y.shift ** 2) / 4 / diagonal;
    const pull = {
      hullX: (-penalty / diagonal) * 2 * x.hull,
      hullY: (-penalty / diagonal) * 2 * y.hull,
      shiftX: x.shift / (2 * diagonal),
      shiftY: y.shift / (2 * diagonal),
    };
    const diou = () => finish(1 - (ratio - penalty), areas(plus, 1, -1, 0), pull);
    const ciou = () => {
      const factor = 4 / Math.PI ** 2;
      const tall = y.size + BOX_EPSILON, targetTall = y.target + BOX_EPSILON;
      const angle = Math.atan(x.target / targetTall) - Math.atan(x.size / tall);
      const aspect = factor * angle * angle;
      const alpha = ratio > 0.5 && aspect > 0 ? aspect / (1 - ratio + aspect) : 0;
      const raw = ratio - (penalty + alpha * aspect);
      const loss = 1 - Math.min(Math.max(raw, -1), 1);
      if (Math.abs(raw) > 1) {
        return { value: 1 - loss, loss, gradient: [0, 0, 0, 0] };
      }
      const turn = (alpha * 2 * factor * angle) / (x.size ** 2 + tall ** 2);
      return finish(loss, areas(plus, 1, -1, 0), { ...pull, width: -turn * tall, height: turn * x.size });
    };
    return { iou: iou(), giou: giou(), diou: diou(), ciou: ciou() };
  };

  return { fl, qfl, dfl, gfl, box, distribution };
})();

/** Returns the values of a loss, with the names and arguments of GET /api/losses/NAME as numbers and arrays. */
focalsharp.evaluate = (name, values) => {
  const known = ["fl", "qfl", "dfl", "gfl", "box"];
  if (!known.includes(name)) {
    throw new RangeError(`No such loss: '${name}'. Valid losses: ${known.join(", ")}.`);
  }
  return focalsharp.formulas[name](values);
};
