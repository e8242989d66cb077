"use strict";
/*
 * The four side distributions of the selected box: bars over the coordinate of the edge in the image, with mean, ± σ and, if known, the
 * ground-truth edge.
 */
focalsharp.sides = (() => {
  const names = ["left", "top", "right", "bottom"];
  const pixels = (value) => `${value.toFixed(1).replace("-", "−")} px`;

  const positions = (candidate, side) => candidate.distributions[side].map(
    (_, i) => candidate.origin[side] + (side < 2 ? -1 : 1) * i * candidate.bin[side]);

  // The visible range of the axis.
  const range = (candidate, side, at, truth) => {
    const visible = at.filter((_, i) => candidate.distributions[side][i] > 0.004);
    const ends = [...visible, candidate.mean[side] - 2 * candidate.deviation[side], candidate.mean[side] + 2 * candidate.deviation[side]];
    if (truth) {
      ends.push(truth.box[side]);
    }
    return [Math.min(...ends) - 0.9 * candidate.bin[side], Math.max(...ends) + 0.9 * candidate.bin[side]];
  };

  const draw = (element, candidate, side, color, truth) => {
    const at = positions(candidate, side), [low, high] = range(candidate, side, at, truth);
    const mean = candidate.mean[side], deviation = candidate.deviation[side];
    const shapes = [
      { type: "rect", x0: mean - deviation, x1: mean + deviation, y0: 0, y1: 1, yref: "paper", line: { width: 0 }, fillcolor: focalsharp.color("accent"), opacity: 0.13, layer: "below" },
      focalsharp.rule(mean, "ink", "solid", 2),
    ];
    if (truth) {
      shapes.push(focalsharp.rule(truth.box[side], "c2", "dash", 2));
    }
    const bars = {
      type: "bar", x: at, y: candidate.distributions[side], width: candidate.bin[side] * 0.86,
      marker: { color }, hovertemplate: "%{x:.1f} px: %{y:.1%}<extra></extra>",
    };
    focalsharp.plot(element, [bars], {
      xaxis: { title: side % 2 === 0 ? "x in the image (px)" : "y in the image (px)", range: [low, high], nticks: 6 },
      yaxis: { range: [0, Math.max(...candidate.distributions[side]) * 1.08], tickformat: ".0%", nticks: 4 },
      margin: { l: 46, r: 12, t: 8, b: 44 },
      hovermode: "closest",
      shapes,
    });
    element.setAttribute("aria-label", `Distribution of the ${names[side]} edge: mean ${pixels(mean)}, standard deviation ${pixels(deviation)}`);
  };

  const facts = (candidate, side, truth) => {
    const modes = (candidate.modes ? candidate.modes[side] : [])
      .filter(([, probability]) => probability >= 0.05)
      .map(([distance, probability]) => `${pixels(candidate.origin[side] + (side < 2 ? -1 : 1) * distance)} (${(100 * probability).toFixed(0)} %)`);
    const quantiles = candidate.quantiles.filter(({ probability }) => probability !== 0.5).map(({ position }) => position[side]);
    return [
      ["Mean", pixels(candidate.mean[side])],
      ["σ", pixels(candidate.deviation[side])],
      candidate.interval90 ? ["calibrated 90 %", `${candidate.interval90.lower[side].toFixed(1).replace("-", "−")} to ${pixels(candidate.interval90.upper[side])}`] : null,
      quantiles.length === 2 ? ["90 % within", `${quantiles[0].toFixed(1).replace("-", "−")} to ${pixels(quantiles[1])}`] : null,
      candidate.entropy ? ["Entropy", `${candidate.entropy[side].toFixed(2)} nats`] : null,
      modes.length ? [modes.length > 1 ? "Top modes" : "Mode", modes.join(", ")] : null,
      truth ? ["Ground truth", `${pixels(truth.box[side])}, error ${pixels(Math.abs(candidate.box[side] - truth.box[side]))}`] : null,
    ].filter(Boolean);
  };

  /** Shows a candidate; truth is the matched ground-truth box, or null. */
  return (root, answer, candidate, truth) => {
    const color = answer.classes[candidate.label].color;
    for (const [side, name] of names.entries()) {
      const card = root.querySelector(`[data-side="${name}"]`);
      const plot = card.querySelector(".plot"), list = card.querySelector("dl");
      plot.hidden = !candidate.distributions;
      if (candidate.distributions) {
        draw(plot, candidate, side, color, truth);
      }
      list.replaceChildren(...facts(candidate, side, truth).flatMap(([term, value]) => [
        focalsharp.element("dt", {}, term), focalsharp.element("dd", {}, value)]));
    }
  };
})();
