"use strict";
/*
 * Selects candidates: scores above the threshold, then greedy class-wise NMS in float32, as in FocalSharp.Core's Nms. Candidates are sorted by
 * descending score. A test compares the result with the library.
 */
focalsharp.select = (() => {
  const f = Math.fround;

  const overlaps = (a, b, limit) => {
    const width = f(Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1));
    const height = f(Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1));
    const inter = f(Math.max(width, 0) * Math.max(height, 0));
    return f(inter / f(f(a.area + b.area) - inter)) > limit;
  };

  const corners = (candidate) => {
    const [x1, y1, x2, y2] = candidate.box.map(f);
    return { x1, y1, x2, y2, area: f(f(x2 - x1) * f(y2 - y1)), label: candidate.label };
  };

  /** Returns the indices of the selected candidates, highest score first. */
  return (candidates, { threshold, nms, max }) => {
    const selected = [], boxes = new Map(), minScore = f(threshold), limit = f(nms);
    for (let i = 0; i < candidates.length && selected.length < max; i++) {
      if (!(f(candidates[i].score) > minScore)) {
        continue;
      }
      const box = corners(candidates[i]);
      const same = boxes.get(box.label) || [];
      if (!same.some((other) => overlaps(box, other, limit))) {
        same.push(box);
        boxes.set(box.label, same);
        selected.push(i);
      }
    }
    return selected;
  };
})();

/** Returns the IoU of two boxes [x1, y1, x2, y2]. */
focalsharp.iou = (a, b) => {
  const inter = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const area = (box) => (box[2] - box[0]) * (box[3] - box[1]);
  return inter > 0 ? inter / (area(a) + area(b) - inter) : 0;
};

/** Matches each detection, in descending order of score, with the unmatched object of its class of the highest IoU: { pairs: index to object, missed }. */
focalsharp.match = (answer, shown) => {
  const pairs = new Map(), free = new Set((answer.truth || []).filter((truth) => !truth.crowd));
  for (const index of shown) {
    const candidate = answer.candidates[index];
    let best = null, overlap = 0.5;
    for (const truth of free) {
      const iou = truth.label === candidate.label ? focalsharp.iou(truth.box, candidate.box) : 0;
      if (iou >= overlap) {
        [best, overlap] = [truth, iou];
      }
    }
    if (best) {
      free.delete(best);
      pairs.set(index, best);
    }
  }
  return { pairs, missed: free };
};
