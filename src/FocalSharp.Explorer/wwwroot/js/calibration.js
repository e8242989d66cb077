"use strict";
(() => {
  const make = focalsharp.element;
  const $ = (selector) => document.querySelector(selector);
  const select = $("#model");
  let result = null;

  const share = (value) => (value === null ? "–" : `${(100 * value).toFixed(1)} %`);
  const number = (value, digits) => (value === null || value === undefined ? "–" : value.toFixed(digits).replace("-", "−"));

  // Without a value there is nothing to draw, and axes of no range overlap their titles.
  const has = (plot, note, count, missing) => {
    $(plot).hidden = count === 0;
    if (count === 0) {
      $(note).textContent = missing;
    }
    return count > 0;
  };

  function scores({ bins, spearman, expected_calibration_error: error, detections }) {
    if (!has("#score-plot", "#score-note", detections, "There are no detections.")) {
      return;
    }
    const filled = bins.filter((bin) => bin.count > 0);
    const max = Math.max(...bins.map((bin) => bin.count));
    const line = (color, extra) => ({ mode: "lines", line: { color: focalsharp.color(color), width: 2, dash: "dash" }, hoverinfo: "skip", ...extra });
    focalsharp.plot($("#score-plot"), [
      {
        type: "bar", x: bins.map((bin) => (bin.from + bin.to) / 2), y: bins.map((bin) => bin.count), width: 0.088, yaxis: "y2",
        marker: { color: focalsharp.color("c3"), opacity: 0.28 }, hovertemplate: "%{y} detections<extra></extra>",
      },
      line("c6", { x: [0, 1], y: [0, 1] }),
      {
        x: filled.map((bin) => bin.mean_score), y: filled.map((bin) => bin.mean_iou), mode: "lines+markers",
        customdata: filled.map((bin) => bin.count), marker: { size: 9 }, line: { color: focalsharp.color("c1"), width: 3 },
        hovertemplate: "score %{x:.2f}, IoU %{y:.2f}, %{customdata} detections<extra></extra>",
      },
    ], {
      hovermode: "closest",
      xaxis: { title: "score", range: [0, 1], dtick: 0.2 },
      yaxis: { title: "mean true IoU", range: [0, 1.03], dtick: 0.2 },
      yaxis2: { overlaying: "y", range: [0, max * 3.4], visible: false },
    });
    $("#score-note").textContent = `Spearman's ρ ${number(spearman, 3)}, expected calibration error ${number(error, 3)}, ${focalsharp.count(detections, "detection")}`;
    $("#score-plot").setAttribute("aria-label", `Reliability diagram: ${filled.map((bin) => `score ${bin.mean_score.toFixed(2)}, true IoU ${bin.mean_iou.toFixed(2)}`).join("; ")}`);
  }

  function edges({ bins, spearman_error: spearman, error_over_deviation: factor, count }) {
    if (!has("#edge-plot", "#edge-note", count, "No object was detected, so there are no edges to compare.")) {
      return;
    }
    const high = 1.06 * Math.max(1e-3, ...bins.map((bin) => Math.max(bin.mean_deviation, bin.root_mean_square_error)));
    focalsharp.plot($("#edge-plot"), [
      { x: [0, high], y: [0, high], mode: "lines", line: { color: focalsharp.color("c6"), width: 2, dash: "dash" }, hoverinfo: "skip" },
      {
        x: bins.map((bin) => bin.mean_deviation), y: bins.map((bin) => bin.root_mean_square_error), mode: "lines+markers",
        customdata: bins.map((bin) => [bin.mean_error, bin.count]), marker: { size: 9 }, line: { color: focalsharp.color("c2"), width: 3 },
        hovertemplate: "σ %{x:.2f} px: error %{y:.2f} px (mean %{customdata[0]:.2f}), %{customdata[1]} edges<extra></extra>",
      },
    ], {
      hovermode: "closest",
      xaxis: { title: "mean σ (px)", range: [0, high] },
      yaxis: { title: "root mean square error (px)", range: [0, high] },
    });
    $("#edge-note").textContent = `Spearman's ρ ${number(spearman, 3)}, error / σ ${number(factor, 2)}, ${focalsharp.count(count, "edge")} of detected objects`;
    $("#edge-plot").setAttribute("aria-label", `Errors against deviations: ${bins.map((bin) => `σ ${bin.mean_deviation.toFixed(1)}, error ${bin.root_mean_square_error.toFixed(1)} pixels`).join("; ")}`);
  }

  const meter = (value, normal) => {
    const bar = make("span", { class: "meter", "aria-hidden": "true" }, make("i"), make("b"));
    bar.firstChild.style.width = `${100 * (value || 0)}%`;
    bar.lastChild.style.left = `${100 * normal}%`;
    return make("td", {}, bar, share(value));
  };

  function coverage({ sides, ...all }) {
    $("#coverage tbody").replaceChildren(...[...Object.entries(sides), ["all", all]].map(([name, edge]) => make("tr", { class: name === "all" ? "sum" : "" },
      make("th", { scope: "row" }, name), make("td", {}, String(edge.count)), meter(edge.coverage_1_sigma, 0.6827), meter(edge.coverage_2_sigma, 0.9545),
      ...[[edge.mean_deviation, " px"], [edge.mean_error, " px"], [edge.error_over_deviation, ""]].map(([value, unit]) => make("td", {}, `${number(value, 2)}${value === null ? "" : unit}`)),
      make("td", {}, number(edge.spearman_error, 3)))));
  }

  function draw() {
    if (!result) {
      return;
    }
    scores(result.calibration.score);
    edges(result.calibration.edges);
    coverage(result.calibration.edges);
  }

  async function open(model) {
    focalsharp.notice(null);
    result = null;
    $("#numbers").hidden = true;
    $("#evaluated").textContent = "";
    const answer = await focalsharp.ask(`api/calibration?model=${encodeURIComponent(model)}`);
    if (!answer.calibration) {
      focalsharp.notice(answer.note);
      return;
    }
    result = answer;
    $("#evaluated").textContent = `Evaluated on ${result.dataset ?? "its data set"}${result.split ? `, ${result.split} split` : ""}: AP ${number(result.AP, 3)}, AP50 ${number(result.AP50, 3)}, AP75 ${number(result.AP75, 3)}`;
    $("#numbers").hidden = false;
    draw();
  }

  document.addEventListener("focalsharp:theme", draw);
  (async () => {
    const { models } = await focalsharp.models(select, (model) => open(model).catch((error) => focalsharp.notice(error.message)));
    $("#no-models").hidden = models.length > 0;
    if (models.length > 0) {
      await open(select.value);
    }
  })().catch((error) => focalsharp.notice(error.message)).finally(() => document.body.classList.add("ready"));
})();
