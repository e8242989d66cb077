"use strict";
/* The page of a detector in the browser: an image, the boxes that NMS selects, and the distributions of the selected box. */
(() => {
  const make = focalsharp.element;
  const $ = (selector) => document.querySelector(selector);
  const file = $("#file"), stageRoot = $("#stage"), card = $("#stage-card"), table = $("#table tbody"), sides = $("#sides");
  let answer = null, shown = [], selected = null, source = null, turn = 0, lab = null;
  const stage = focalsharp.stage(stageRoot, (index) => choose(index === selected ? null : index));

  const complain = (error) => {
    focalsharp.notice(error.message);
    busy(false);
  };
  const busy = (on) => {
    document.body.classList.toggle("busy", on);
    stageRoot.setAttribute("aria-busy", String(on));
  };

  const render = ({ score, nms, edges }) => {
    if (!answer) {
      return {};
    }
    shown = focalsharp.select(answer.candidates, { threshold: score, nms, max: answer.max });
    if (!shown.includes(selected)) {
      selected = selected === null || shown.length === 0 ? null : shown[0];
    }
    stage.draw(answer, { shown, selected, edges, truth: false, missed: new Set(), marks: [] });
    rows();
    sides.hidden = selected === null;
    if (selected !== null) {
      const candidate = answer.candidates[selected];
      $("#sides-name").textContent = `${answer.classes[candidate.label].name}, score ${candidate.score.toFixed(2)}`;
      focalsharp.sides(sides, answer, candidate, null);
    }
    const passed = answer.candidates.filter((candidate) => Math.fround(candidate.score) > Math.fround(score)).length;
    return {
      values: { shown: String(shown.length), passed: String(passed), suppressed: String(passed - shown.length), seconds: `${answer.seconds.toFixed(2)} s` },
      spoken: `${shown.length} ${shown.length === 1 ? "detection" : "detections"} shown.`,
    };
  };

  const rows = () => {
    table.replaceChildren(...shown.map((index, place) => {
      const candidate = answer.candidates[index], name = answer.classes[candidate.label];
      const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = name.color;
      return make("tr", { "data-index": index, onclick: () => choose(index) },
        make("th", { scope: "row" }, make("button", {
          type: "button", class: "row", "aria-pressed": String(index === selected),
          "aria-label": `Detection ${place + 1}: ${name.name}, score ${candidate.score.toFixed(2)}`,
        }, swatch, name.name)),
        make("td", {}, candidate.score.toFixed(3)),
        ...candidate.deviation.map((deviation) => make("td", {}, `± ${deviation.toFixed(1)}`)),
        make("td", { class: "wide" }, candidate.box.map((edge) => edge.toFixed(0)).join(", ")));
    }));
    $("#nothing").hidden = shown.length > 0;
  };

  const choose = (index) => {
    selected = index;
    lab.refresh();
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      choose(null);
    }
  });

  const open = async (chosen) => {
    if (!chosen) {
      return;
    }
    const mine = ++turn;
    busy(true);
    focalsharp.notice(null);
    const found = await focalsharp.localDetector.detect(chosen);
    if (mine !== turn) {
      return;
    }
    const fresh = URL.createObjectURL(chosen);
    await stage.load(fresh, chosen.name);
    URL.revokeObjectURL(source);
    source = fresh;
    answer = found;
    selected = focalsharp.select(answer.candidates, { threshold: lab.state.score, nms: lab.state.nms, max: answer.max })[0] ?? null;
    $("#drop").hidden = true;
    $("#stage-name").textContent = `${answer.name}, ${answer.width} × ${answer.height} px`;
    busy(false);
    lab.refresh();
  };

  file.addEventListener("change", () => open(file.files[0]).catch(complain).finally(() => { file.value = ""; }));
  card.addEventListener("dragover", (event) => {
    event.preventDefault();
    card.classList.add("dropping");
  });
  card.addEventListener("dragleave", () => card.classList.remove("dropping"));
  card.addEventListener("drop", (event) => {
    event.preventDefault();
    card.classList.remove("dropping");
    open(event.dataTransfer.files[0]).catch(complain);
  });
  addEventListener("paste", (event) => open(event.clipboardData?.files[0]).catch(complain));
  new ResizeObserver(() => lab?.refresh()).observe(stageRoot);

  lab = focalsharp.lab(render);
  focalsharp.localDetector.open().then((model) => lab.set({ nms: model.nms })).catch(complain).finally(() => document.body.classList.add("ready"));
})();
