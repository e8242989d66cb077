"use strict";
/* Two models side by side: on the data set by their saved detections, and on one image by running both. */
(() => {
  const make = focalsharp.element;
  const $ = (selector) => document.querySelector(selector);
  const selects = { first: $("#first"), second: $("#second") }, names = ["first", "second"];
  const stages = Object.fromEntries(names.map((name) => [name, focalsharp.stage($(`#stage-${name}`), () => {})]));
  const size = 24;
  let answers = null, summary = null, kind = "onlyFirst", shownImages = 0, current = null, running = null, lab = null;

  const complain = (error) => {
    if (error.name !== "AbortError") {
      focalsharp.notice(error.message);
    }
    document.body.classList.remove("busy");
  };
  const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;

  // The objects that each model finds; without ground truth, the detections that the other model has too.
  function pair(shown) {
    const { first, second } = answers;
    if (first.truth) {
      const found = names.map((name) => new Set(focalsharp.match(answers[name], shown[name]).pairs.values()));
      const boxes = found.map((own) => new Set([...own].map((truth) => first.truth.indexOf(truth) >= 0 ? first.truth.indexOf(truth) : second.truth.indexOf(truth))));
      const all = first.truth.map((truth, i) => i).filter((i) => !first.truth[i].crowd);
      return {
        text: `${focalsharp.count(all.filter((i) => boxes[0].has(i) && boxes[1].has(i)).length, "object")} found by both, ${all.filter((i) => boxes[0].has(i) && !boxes[1].has(i)).length} only by the first, ${
          all.filter((i) => !boxes[0].has(i) && boxes[1].has(i)).length} only by the second, ${all.filter((i) => !boxes[0].has(i) && !boxes[1].has(i)).length} by neither.`,
        marks: [0, 1].map((k) => all.filter((i) => boxes[k].has(i) && !boxes[1 - k].has(i)).map((i) => first.truth[i])),
      };
    }
    const name = (answer, candidate) => answer.classes[candidate.label].name;
    const list = names.map((side) => shown[side].map((i) => ({ box: answers[side].candidates[i].box, class: name(answers[side], answers[side].candidates[i]) })));
    const only = [0, 1].map((k) => list[k].filter((one) => !list[1 - k].some((other) => other.class === one.class && focalsharp.iou(one.box, other.box) >= 0.5)));
    return { text: `Detections of both: ${list[0].length - only[0].length}; only of the first: ${only[0].length}; only of the second: ${only[1].length}.`, marks: only };
  }

  const render = ({ score }) => {
    if (!answers) {
      return { values: {} };
    }
    const shown = Object.fromEntries(names.map((name) => [name, focalsharp.select(answers[name].candidates, { threshold: score, nms: answers[name].defaults.nms, max: answers[name].defaults.max })]));
    const { text, marks } = pair(shown);
    names.forEach((name, k) => {
      const answer = answers[name];
      stages[name].draw(answer, { shown: shown[name], selected: null, edges: "none", truth: true, missed: focalsharp.match(answer, shown[name]).missed, marks: marks[k] });
      $(`#note-${name}`).textContent = `${focalsharp.count(shown[name].length, "detection")}, ${answer.seconds.toFixed(2)} s`;
    });
    $("#found").textContent = text;
    return { values: {}, spoken: text };
  };

  async function show(request, source, name) {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    document.body.classList.add("busy");
    focalsharp.notice(null);
    const first = await request(selects.first.value, signal), second = await request(selects.second.value, signal);
    await Promise.all(names.map((side) => stages[side].load(source, name)));
    if (signal.aborted) {
      return;
    }
    answers = { first, second };
    $("#pair-title").textContent = first.name;
    document.body.classList.remove("busy");
    lab.refresh();
  }

  async function openStored(index) {
    const owner = encodeURIComponent(selects.first.value);
    await show(
      (model, signal) => focalsharp.ask(`api/detections?model=${encodeURIComponent(model)}&dataOf=${owner}&image=${index}`, { signal }),
      `api/images/picture?model=${owner}&image=${index}`, `${index}`);
    current = index;
    focalsharp.query.set({ image: index });
    mark();
  }

  async function openFile(chosen) {
    if (!chosen) {
      return;
    }
    const source = URL.createObjectURL(chosen);
    await show((model, signal) => {
      const form = new FormData();
      form.append("image", chosen, chosen.name);
      return focalsharp.ask(`api/detections?model=${encodeURIComponent(model)}`, { method: "POST", body: form, signal });
    }, source, chosen.name);
    current = null;
    focalsharp.query.set({ image: null });
    mark();
  }

  const images = () => (summary?.list ?? []).filter((image) => image[kind] > 0).sort((a, b) => b[kind] - a[kind]);

  function mark() {
    const list = images(), at = list.findIndex((image) => image.index === current);
    $("#steps").hidden = list.length < 2;
    $("[data-place]").textContent = at < 0 ? focalsharp.count(list.length, "image") : `${at + 1} of ${list.length}`;
    $('[data-step="-1"]').disabled = at <= 0;
    $('[data-step="1"]').disabled = at === list.length - 1;
    for (const button of document.querySelectorAll("[data-image]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.image) === current));
    }
  }

  function step(places) {
    const list = images(), next = list[list.findIndex((image) => image.index === current) + places];
    if (next) {
      openStored(next.index).catch(complain);
    }
  }

  function gallery(from) {
    const list = images(), root = $("[data-images]"), model = encodeURIComponent(selects.first.value);
    if (from === 0) {
      root.replaceChildren();
    }
    root.append(...list.slice(from, from + size).map((image) => make("li", {}, make("button", {
      type: "button", class: "picture", "data-image": image.index, "aria-pressed": String(image.index === current), onclick: () => openStored(image.index).catch(complain),
    },
    make("img", { src: `api/images/thumbnail?model=${model}&image=${image.index}`, alt: "", loading: "lazy", width: 160, height: 160 }),
    make("span", { class: "name" }, image.name),
    make("span", { class: "badges" }, make("span", { class: "badge" }, `first +${image.onlyFirst}`), make("span", { class: "badge" }, `second +${image.onlySecond}`),
      image.neither ? make("span", { class: "badge bad" }, `neither ${image.neither}`) : null)))));
    shownImages = Math.min(list.length, from + size);
    $("[data-more]").hidden = shownImages >= list.length;
    $("[data-summary]").textContent = `${focalsharp.count(list.reduce((sum, image) => sum + image[kind], 0), "object")} in ${focalsharp.count(list.length, "image")}, at each model's score with the best F1.`;
    mark();
  }

  function table(answer) {
    const row = (item, head) => make("tr", { class: head ? "sum" : "" }, make("th", { scope: "row" }, item.name), make("td", {}, String(item.objects)),
      ...(item.difference === undefined ? ["–", "–", "–", "–", "–"] : [
        item.first.toFixed(3), item.second.toFixed(3), signed(item.difference), `${signed(item.low)} to ${signed(item.high)}`, item.p < 0.001 ? "< 0.001" : item.p.toFixed(3),
      ]).map((text) => make("td", {}, text)));
    $("#metrics tbody").replaceChildren(...answer.metrics.map((item) => row(item, true)), ...answer.classes.map((item) => row(item, false)));
    const { difference, low, high } = answer.metrics[0];
    const better = difference > 0 ? selects.first.value : selects.second.value;
    $("#sentence").textContent = difference === undefined ? "There are no objects."
      : low > 0 || high < 0 ? `${better} has the higher AP, by ${Math.abs(difference).toFixed(3)}; the interval of the difference excludes 0.`
        : `The difference of AP, ${signed(difference)}, may be chance: its interval includes 0.`;
    $("#how").textContent = `${focalsharp.count(answer.images, "image")} of ${answer.dataset} (${answer.split}). First minus second; ${(100 * answer.level).toFixed(0)} % interval by a paired bootstrap over the images.`;
  }

  async function open() {
    for (const name of names) {
      for (const element of document.querySelectorAll(`[data-name="${name}"]`)) {
        element.textContent = selects[name].value;
      }
    }
    summary = null;
    $("#summary").hidden = true;
    $("#browser").hidden = true;
    const answer = await focalsharp.ask(`api/comparison?model=${encodeURIComponent(selects.first.value)}&with=${encodeURIComponent(selects.second.value)}`);
    if (answer.note) {
      focalsharp.notice(answer.note);
    } else {
      summary = answer;
      $("#summary").hidden = false;
      $("#browser").hidden = false;
      table(answer);
      gallery(0);
    }
    const requested = Number.parseInt(focalsharp.query.get("image") ?? "", 10);
    const first = Number.isInteger(requested) ? requested : images()[0]?.index ?? answer.list?.[0]?.index ?? 0;
    await openStored(first).catch((error) => (answer.note ? document.body.classList.remove("busy") : complain(error)));
    if (answer.note) {
      focalsharp.notice(answer.note);
    }
  }

  $("#file").addEventListener("change", () => openFile($("#file").files[0]).catch(complain).finally(() => { $("#file").value = ""; }));
  $("[data-more]").addEventListener("click", () => gallery(shownImages));
  for (const choice of document.querySelectorAll('[name="kind"]')) {
    choice.addEventListener("change", () => {
      kind = choice.value;
      gallery(0);
    });
  }
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
  addEventListener("keydown", (event) => {
    const places = { n: 1, p: -1 }[event.key];
    if (places && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input:not([type=radio]), select, textarea")) {
      event.preventDefault();
      step(places);
    }
  });
  new ResizeObserver(() => lab && lab.refresh()).observe($("#stage-first"));

  focalsharp.lab(render);
  lab = focalsharp.page;
  (async () => {
    const changed = () => open().catch(complain);
    const { models } = await focalsharp.models(selects.first, changed, "model");
    await focalsharp.models(selects.second, changed, "with");
    if (models.length < 2) {
      $("#no-models").hidden = false;
      return;
    }
    if (focalsharp.query.get("with") === null && selects.second.value === selects.first.value) {
      selects.second.selectedIndex = selects.first.selectedIndex === 0 ? 1 : 0;
    }
    await open();
  })().catch(complain).finally(() => document.body.classList.add("ready"));
})();
