"use strict";
(() => {
  const make = focalsharp.element;
  const $ = (selector) => document.querySelector(selector);
  const select = $("#model"), file = $("#file"), stageRoot = $("#stage"), table = $("#table tbody"), sidesRoot = $("#sides"), drop = $("#drop");
  const threshold = $("#score"), live = $("[data-live]");
  const sideNames = ["left", "top", "right", "bottom"];
  let answer = null, shown = [], selected = null, deselected = false, limits = { maxBytes: Infinity }, running = null, lab = null;
  const reports = new Set();

  const stage = focalsharp.stage(stageRoot, (index) => choose(index === selected ? null : index));
  const browser = focalsharp.browser($("#browser"), (index) => openStored(index).catch(complain));
  const steps = $("#steps"), correct = $("#correct");
  const labels = focalsharp.labels($("#labels"), stageRoot, {
    answer: () => answer,
    selected: () => (selected === null ? null : answer.candidates[selected]),
    changed: (info) => {
      answer.truth = info.objects.map((item) => ({
        name: item.class, crowd: item.crowd, box: item.box,
        label: answer.classes.findIndex((one) => one.name.toLowerCase() === item.class.toLowerCase()),
      }));
      lab.refresh();
    },
    open: (index) => openStored(index),
    next: async () => {
      const following = await browser.next();
      if (following) {
        await openStored(following.index);
      } else {
        lab.speak("All listed images are checked.");
        focalsharp.notice("All listed images are checked.");
      }
    },
    speak: (text) => lab.speak(text),
  });

  function complain(error) {
    if (error.name !== "AbortError") {
      focalsharp.notice(error.message);
    }
    busy(false);
  }

  function busy(on) {
    document.body.classList.toggle("busy", on);
    stageRoot.setAttribute("aria-busy", String(on));
  }

  const render = ({ score, nms, edges, truth, correct: correcting }) => {
    if (!answer) {
      return { values: {} };
    }
    shown = focalsharp.select(answer.candidates, { threshold: score, nms, max: answer.defaults.max });
    if (!shown.includes(selected)) {
      selected = shown.length && !deselected ? shown[0] : null;
    }
    const { pairs, missed } = focalsharp.match(answer, shown);
    labels.show(correcting);
    stage.draw(answer, { shown, selected, edges, truth: truth && !correcting, missed, marks: answer.marks || [] });
    rows(pairs);
    $("#sides").hidden = selected === null;
    if (selected !== null) {
      const candidate = answer.candidates[selected];
      $("#sides-name").textContent = `${answer.classes[candidate.label].name}, score ${candidate.score.toFixed(2)}`;
      focalsharp.sides(sidesRoot, answer, candidate, pairs.get(selected) || null);
    }
    const passed = answer.candidates.filter((candidate) => Math.fround(candidate.score) > Math.fround(score)).length;
    const known = answer.truth ? answer.truth.filter((item) => !item.crowd).length : 0;
    $("#truth-values").hidden = !answer.truth;
    return {
      values: {
        shown: String(shown.length),
        passed: String(passed),
        suppressed: String(passed - shown.length),
        found: answer.truth ? `${pairs.size} of ${known}` : "",
        falsePositives: String(shown.length - pairs.size),
        seconds: `${answer.seconds.toFixed(2)} s`,
      },
      spoken: `${shown.length} ${shown.length === 1 ? "detection" : "detections"} shown.`,
    };
  };

  const relative = (candidate, deviation) =>
    deviation / Math.max(8, Math.min(candidate.box[2] - candidate.box[0], candidate.box[3] - candidate.box[1]));

  function rows(pairs) {
    // The color is the rank of a deviation among those shown, relative to the size of its box: no scale saturates.
    const scale = shown.flatMap((index) => answer.candidates[index].deviation.map((deviation) => relative(answer.candidates[index], deviation))).sort((a, b) => a - b);
    const rank = (value) => (scale.length < 2 ? 0 : scale.findIndex((other) => other >= value) / (scale.length - 1));
    const focused = document.activeElement && document.activeElement.closest("#table tbody") !== null;
    table.replaceChildren(...shown.map((index, place) => {
      const candidate = answer.candidates[index], name = answer.classes[candidate.label];
      const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = name.color;
      const row = make("tr", { "data-index": index, onclick: () => choose(index) },
        make("th", { scope: "row" }, make("button", {
          type: "button", class: "row", "aria-pressed": String(index === selected), tabindex: index === (selected ?? shown[0]) ? 0 : -1,
          "aria-label": `Detection ${place + 1}: ${name.name}, score ${candidate.score.toFixed(2)}`,
        }, swatch, name.name)),
        make("td", {}, candidate.score.toFixed(3)),
        ...candidate.deviation.map((deviation) => {
          const cell = make("td", {}, `± ${deviation.toFixed(1)}`);
          cell.style.setProperty("--heat", rank(relative(candidate, deviation)).toFixed(2));
          return cell;
        }),
        make("td", { class: "wide" }, `${candidate.box.map((edge) => edge.toFixed(0)).join(", ")}`));
      if (answer.truth) {
        row.append(make("td", {}, pairs.has(index) ? focalsharp.iou(pairs.get(index).box, candidate.box).toFixed(2) : "–"));
      }
      return row;
    }));
    $("#table").classList.toggle("with-truth", Boolean(answer.truth));
    $("#nothing").hidden = shown.length > 0;
    if (focused) {
      const button = table.querySelector('[aria-pressed="true"]');
      if (button) {
        button.focus({ preventScroll: false });
      }
    }
  }

  function choose(index) {
    selected = index;
    deselected = index === null;
    lab.refresh();
    if (selected !== null) {
      const candidate = answer.candidates[selected];
      lab.speak(`${answer.classes[candidate.label].name}, score ${candidate.score.toFixed(2)}. Deviations: ${
        sideNames.map((name, side) => `${name} ${candidate.deviation[side].toFixed(1)} pixels`).join(", ")}.`);
    }
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && selected !== null) {
      choose(null);
    }
  });

  // Arrow keys move through the rows of the table.
  $("#table").addEventListener("keydown", (event) => {
    const place = shown.indexOf(selected);
    const moves = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: shown.length - 1 };
    if (event.key in moves && shown.length) {
      event.preventDefault();
      choose(shown[Math.max(0, Math.min(shown.length - 1, moves[event.key]))]);
    }
  });

  // Resolves to false if another image was requested meanwhile.
  async function show(request, source, name) {
    if (running) {
      running.abort();
    }
    running = new AbortController();
    const mine = running;
    busy(true);
    focalsharp.notice(null);
    const fresh = await request(mine.signal);
    if (mine.signal.aborted) {
      return false;
    }
    await stage.load(source, name);
    if (mine.signal.aborted) {
      return false;
    }
    labels.clear();
    answer = fresh;
    selected = null;
    deselected = false;
    drop.hidden = true;
    const minScore = Math.ceil(answer.floor * 100 - 1e-6) / 100;
    threshold.min = minScore;
    $("#floor").hidden = minScore <= 0.02;
    $("#floor").textContent = `There are many candidates; only those scoring above ${minScore.toFixed(2)} are kept.`;
    $("#stage-name").textContent = `${answer.name}, ${answer.width} × ${answer.height} px`;
    $("#limitation").hidden = !answer.note;
    $("#limitation").textContent = answer.note || "";
    $("#truth").disabled = !answer.truth;
    busy(false);
    lab.refresh();
    return true;
  }

  async function openStored(index) {
    const where = `model=${encodeURIComponent(select.value)}&image=${index}`;
    if (!(await show((signal) => focalsharp.ask(`api/detections?${where}`, { signal }), `api/images/picture?${where}`, `${index}`))) {
      return;
    }
    focalsharp.query.set({ model: select.value, image: index, file: null });
    browser.mark(index);
    mark();
    $("#correct-field").hidden = false;
    await labels.load(select.value, index);
    if (document.activeElement && document.activeElement.closest("#browser")) {
      stageRoot.scrollIntoView({ block: "center" });
    }
  }

  // Shows what the filter counts in the current image, and its place in the list.
  function mark() {
    const index = Number.parseInt(focalsharp.query.get("image") ?? "", 10);
    const { at, total } = browser.place();
    answer.marks = browser.get(index)?.marks ?? [];
    steps.hidden = total < 2 || !Number.isInteger(index);
    steps.querySelector("[data-place]").textContent = at ? `${at} of ${total}` : "";
    steps.querySelector('[data-step="-1"]').disabled = at <= 1;
    steps.querySelector('[data-step="1"]').disabled = at === total;
    lab.refresh();
  }

  async function step(places) {
    const next = steps.hidden ? null : await browser.step(places);
    if (next) {
      await openStored(next.index);
    }
  }

  for (const button of steps.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => step(Number(button.dataset.step)).catch(complain));
  }
  addEventListener("keydown", (event) => {
    const places = { n: 1, p: -1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea")) {
      return;
    }
    if (places) {
      event.preventDefault();
      step(places).catch(complain);
    } else if (event.key === "l" && !$("#correct-field").hidden) {
      correct.click();
    }
  });

  let uploaded = null;

  async function openFile(chosen) {
    if (!chosen) {
      return;
    }
    if (!select.value) {
      throw new Error("There is no model to run.");
    }
    if (chosen.size > limits.maxBytes) {
      throw new Error(`${chosen.name}: ${(chosen.size / 1048576).toFixed(0)} MB is too large; the maximum is ${(limits.maxBytes / 1048576).toFixed(0)} MB.`);
    }
    const form = new FormData();
    form.append("image", chosen, chosen.name);
    const source = URL.createObjectURL(chosen);
    try {
      await show((signal) => focalsharp.ask(`api/detections?model=${encodeURIComponent(select.value)}`, { method: "POST", body: form, signal }), source, chosen.name);
    } catch (error) {
      URL.revokeObjectURL(source);
      throw error;
    }
    if (uploaded) {
      URL.revokeObjectURL(uploaded.source);
    }
    uploaded = { file: chosen, source };
    focalsharp.query.set({ image: null });
    browser.mark(null);
    mark();
    labels.clear();
    $("#correct-field").hidden = true;
  }

  file.addEventListener("change", () => {
    openFile(file.files[0]).catch(complain).finally(() => { file.value = ""; });
  });
  for (const zone of [$("#stage-card")]) {
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("dropping");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("dropping"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("dropping");
      openFile(event.dataTransfer.files[0]).catch(complain);
    });
  }
  addEventListener("paste", (event) => openFile(event.clipboardData && event.clipboardData.files[0]).catch(complain));
  new ResizeObserver(() => lab && lab.refresh()).observe(stageRoot);

  async function open() {
    const first = await browser.show(select.value);
    const report = $("#report");
    report.hidden = !reports.has(select.value);
    report.href = `report?model=${encodeURIComponent(select.value)}`;
    const file = focalsharp.query.get("file"), named = file === null ? null : await browser.find(file);
    if (file !== null && !named) {
      focalsharp.notice(`${file} is not among the listed images.`);
    }
    const requested = Number.parseInt(focalsharp.query.get("image") ?? "", 10);
    if (uploaded && focalsharp.query.get("image") === null && answer) {
      await openFile(uploaded.file); // the same image with another model
    } else if (first && first.images.length) {
      await openStored(named ? named.index : Number.isInteger(requested) ? requested : first.images[0].index);
    }
  }

  focalsharp.lab(render);
  lab = focalsharp.page;
  (async () => {
    const chosen = await focalsharp.models(select, () => {
      browser.clear();
      open().catch(complain);
    });
    chosen.models.filter((model) => model.report).forEach((model) => reports.add(model.id));
    limits = chosen.limits;
    $("#limit").textContent = `JPEG, PNG, BMP, GIF, WebP, TIFF, HEIC or AVIF, up to ${Math.floor(limits.maxBytes / 1048576)} MB. Images are not sent to other machines.`;
    if (chosen.models.length === 0) {
      $("#no-models").hidden = false;
      $("#browser").hidden = true;
      file.disabled = true;
      return;
    }
    await open();
  })().catch(complain).finally(() => document.body.classList.add("ready"));
})();
