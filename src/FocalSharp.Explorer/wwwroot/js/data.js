"use strict";
/* A data set before training: computed from its objects, so that input size, regMax and class can change without another request. */
(() => {
  const STRIDES = [8, 16, 32, 64, 128], SIZES = 40, CELLS = 24;
  const $ = (id) => document.getElementById(id);
  let data = null, lab = null, seed = 0;

  const percent = (part, all) => (all ? `${((100 * part) / all).toFixed(1)} % (${part})` : "–");

  // The factors from image pixels to input pixels, by the resize rule of the recipe for a square of this size.
  const factors = (width, height, size) => {
    if (data.stretched) {
      return [size / width, size / height];
    }
    const ratio = data.longSide / data.shortSide;
    const factor = Math.min((size * ratio) / Math.max(width, height), size / Math.min(width, height));
    return [factor, factor];
  };

  const render = ({ size, regMax, label }) => {
    if (!data) {
      return {};
    }
    const chosen = label === "" ? data.objects : data.objects.filter(([own]) => own === Number(label));
    const scaled = chosen.map(([, x, y, width, height, imageWidth, imageHeight]) => {
      const [fx, fy] = factors(imageWidth, imageHeight, size);
      return { x, y, width: width * fx, height: height * fy };
    });
    const sides = scaled.map((one) => Math.sqrt(one.width * one.height));
    const names = data.classes.map((one) => one.name), top = Math.max(...sides, 100);

    focalsharp.plot($("class-plot"), [{
      type: "bar", x: names, y: data.classes.map((one) => one.objects), hovertemplate: "%{x}: %{y} objects<extra></extra>",
      marker: { color: data.classes.map((_, i) => focalsharp.color(label === "" || Number(label) === i ? "c1" : "c6")) },
    }], { hovermode: "closest", margin: { l: 56, r: 14, t: 14, b: 90 }, xaxis: { tickangle: names.length > 8 ? -45 : 0 }, yaxis: { title: "objects", rangemode: "tozero" } });

    const width = top / SIZES, counts = new Array(SIZES).fill(0);
    for (const side of sides) {
      counts[Math.min(SIZES - 1, Math.floor(side / width))]++;
    }
    focalsharp.plot($("size-plot"), [{
      type: "bar", x: counts.map((_, i) => (i + 0.5) * width), y: counts, width: width * 0.92, marker: { color: focalsharp.color("c1") },
      hovertemplate: "%{x:.0f} px: %{y} objects<extra></extra>",
    }], {
      hovermode: "closest", xaxis: { title: "side (px)", range: [0, top] }, yaxis: { title: "objects", rangemode: "tozero" },
      shapes: [focalsharp.rule(32, "c2"), focalsharp.rule(96, "c2")],
    });

    const reach = regMax * STRIDES.at(-1);
    const half = scaled.map((one) => Math.max(one.width, one.height) / 2), ratios = scaled.map((one) => one.width / Math.max(one.height, 1e-6));
    const beyond = half.filter((value) => value > reach).length;
    focalsharp.plot($("reach-plot"), [
      { x: ratios, y: half, mode: "markers", hovertemplate: "ratio %{x:.2f}, half side %{y:.0f} px<extra></extra>", marker: { size: 5, opacity: 0.45, color: focalsharp.color("c1") } },
      { x: [0.05, 20], y: [reach, reach], mode: "lines", hoverinfo: "skip", line: { color: focalsharp.color("c2"), dash: "dash", width: 2 } },
    ], {
      hovermode: "closest", xaxis: { title: "width / height", type: "log", range: [-1, 1] },
      yaxis: { title: "longer half side (px)", range: [0, 1.1 * Math.max(1, ...half, Math.min(reach, 1.5 * Math.max(1, ...half)))] },
    });

    drawCenters(scaled);
    const small = sides.filter((side) => side < 32).length, large = sides.filter((side) => side >= 96).length;
    return {
      values: {
        count: String(chosen.length), tiny: percent(sides.filter((side) => side < 8).length, sides.length), small: percent(small, sides.length),
        medium: percent(sides.length - small - large, sides.length), large: percent(large, sides.length), beyond: percent(beyond, sides.length),
        long: percent(ratios.filter((ratio) => ratio > 3 || ratio < 1 / 3).length, ratios.length),
      },
      spoken: `${focalsharp.count(chosen.length, "object")}, ${percent(small, sides.length)} small, ${percent(beyond, sides.length)} beyond the reach.`,
    };
  };

  // Circles by the number of centers in a cell.
  const drawCenters = (objects) => {
    const counts = new Map();
    for (const { x, y } of objects) {
      const key = `${Math.min(CELLS - 1, Math.floor(x * CELLS))},${Math.min(CELLS - 1, Math.floor(y * CELLS))}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const cells = [...counts].map(([key, count]) => [...key.split(",").map((i) => (Number(i) + 0.5) / CELLS), count]);
    const most = Math.max(1, ...counts.values());
    focalsharp.plot($("center-plot"), [{
      x: cells.map(([x]) => x), y: cells.map(([, y]) => y), text: cells.map(([, , count]) => `${count} objects`), mode: "markers", hoverinfo: "text",
      marker: { size: cells.map(([, , count]) => 3 + 13 * Math.sqrt(count / most)), color: focalsharp.color("c1"), opacity: 0.75, line: { width: 0 } },
    }], { hovermode: "closest", xaxis: { title: "x / width", range: [0, 1], dtick: 0.25 }, yaxis: { title: "y / height", range: [1, 0], dtick: 0.25 } });
  };

  const address = (path, words = {}) => {
    const model = focalsharp.query.get("model");
    return `${path}?${new URLSearchParams({ ...(model ? { model } : {}), ...words })}`;
  };
  const showBatch = () => { $("batch").src = address("api/data/batch", { seed }); };
  $("another").addEventListener("click", () => {
    seed++;
    showBatch();
  });
  $("batch").addEventListener("error", () => focalsharp.notice("The batch could not be drawn: an image may be missing. Check the data: focalsharp data check"));

  (async () => {
    data = await focalsharp.ask(address("api/data"));
    $("summary").textContent = `${data.name}: ${focalsharp.count(data.images, data.evaluation ? "evaluation image" : "training image")}, ${data.empty} of them without objects, ${focalsharp.count(data.objectCount, "object")} of ${focalsharp.count(data.classes.length, "class", "classes")}.`;
    $("label").append(...data.classes.map((one, i) => new Option(one.name, i)));
    $("size").value = data.shortSide;
    $("regMax").value = data.regMax;
    lab = focalsharp.lab(render);
    showBatch();
  })().catch((error) => {
    $("summary").textContent = "There is no data set to show.";
    document.querySelectorAll("main > .lab, main > .browse").forEach((part) => { part.hidden = true; });
    focalsharp.notice(error.message);
  }).finally(() => document.body.classList.add("ready"));
})();
