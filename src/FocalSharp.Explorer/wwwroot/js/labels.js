"use strict";
/*
 * Corrects labels on the stage: moves edges, the uncertain ones first, adds, deletes, changes classes and accepts suspects. Every change is sent to the
 * explorer, which appends it to the patch file beside the data set. All of it works by keyboard; the keys are on the buttons.
 */
focalsharp.labels = (root, view, page) => {
  const make = focalsharp.element;
  const $ = (name) => root.querySelector(`[data-${name}]`);
  const classes = root.querySelector("select");
  const sides = ["left", "top", "right", "bottom"], added = "added";
  const svg = make("svg", { class: "editor", tabindex: 0, role: "application", "aria-label": "Labels on the image. O selects the next object, E the next edge, arrow keys move it, Enter saves.", preserveAspectRatio: "none" });
  view.append(svg);
  let info = null, where = "", on = false, chosen = null, draft = null, edge = 0, drawing = false;

  const answer = () => page.answer();
  const same = (a, b) => a.class === b.class && a.box.every((value, i) => Math.abs(value - b.box[i]) <= 1.01);
  const box = () => draft ?? (typeof chosen === "number" ? info.objects[chosen].box : null);
  const label = (item) => ({ class: item.class, box: item.box });
  const target = (issue) => ({ class: issue.class, box: issue.kind === "wrong_class" ? issue.label.box : issue.box });
  const isDone = (issue) => info.objects.some((item) => same(item, target(issue)));
  const places = () => info.objects.map((item, i) => i).filter((i) => !info.objects[i].crowd);

  // The detection of the chosen object, for the uncertainty of its edges.
  function detection() {
    const name = classes.value, now = box();
    let best = null, overlap = 0.3;
    for (const candidate of now ? answer().candidates : []) {
      const iou = answer().classes[candidate.label].name === name ? focalsharp.iou(candidate.box, now) : 0;
      [best, overlap] = iou > overlap ? [candidate, iou] : [best, overlap];
    }
    return best;
  }

  function order() {
    const found = detection();
    const all = [0, 1, 2, 3];
    return found ? all.sort((a, b) => found.deviation[b] - found.deviation[a]) : all;
  }

  async function send(path, body) {
    return focalsharp.ask(`api/labels${path}?${where}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  function take(response, wanted) {
    info = response;
    draft = null;
    drawing = false;
    const place = wanted ? info.objects.findIndex((item) => same(item, wanted)) : -1;
    chosen = place >= 0 ? place : null;
    page.changed(info);
    draw();
  }

  async function edit(before, after, spoken) {
    try {
      take(await send("", { ...(before && { before: label(before) }), ...(after && { after: label(after) }) }), after);
      page.speak(spoken);
    } catch (error) {
      focalsharp.notice(error.message);
    }
  }

  const actions = {
    save: () => {
      const now = box();
      if (!now || (chosen !== added && !draft && classes.value === info.objects[chosen].class)) {
        return null;
      }
      const after = { class: classes.value, box: now.map((value) => Math.round(value * 100) / 100) };
      return edit(chosen === added ? null : info.objects[chosen], after, `Saved: ${after.class}.`);
    },
    remove: () => (typeof chosen === "number" ? edit(info.objects[chosen], null, "Deleted.") : cancel()),
    accept: () => {
      const issue = info.issues.find((one) => !isDone(one));
      return issue ? edit(issue.kind === "missing_label" ? null : issue.label, target(issue), `Accepted: ${issue.text}.`) : null;
    },
    add: () => {
      const found = page.selected();
      const { width, height } = answer();
      chosen = added;
      draft = found && !info.objects.some((item) => focalsharp.iou(item.box, found.box) > 0.5)
        ? clip(found.box) : [0.375 * width, 0.375 * height, 0.625 * width, 0.625 * height];
      if (found && info.classes.includes(answer().classes[found.label].name)) {
        classes.value = answer().classes[found.label].name;
      }
      drawing = true;
      edge = order()[0];
      draw();
      svg.focus({ preventScroll: true });
      page.speak("New box. Drag on the image or move its edges, then press Enter.");
      return null;
    },
    undo: async () => {
      try {
        const { image } = await send("/undo", {});
        if (image === undefined) {
          page.speak("Nothing to undo.");
        } else {
          await page.open(image);
          page.speak("Undone.");
        }
      } catch (error) {
        focalsharp.notice(error.message);
      }
    },
    next: async () => {
      try {
        take(await send("/reviewed", {}));
        await page.next();
      } catch (error) {
        focalsharp.notice(error.message);
      }
    },
    snap: () => {
      const found = detection();
      if (found) {
        move(found.mean[edge] - box()[edge]);
      }
      return null;
    },
  };

  function clip([x1, y1, x2, y2]) {
    const { width, height } = answer();
    return [Math.max(0, x1), Math.max(0, y1), Math.min(width, x2), Math.min(height, y2)];
  }

  function move(by) {
    const now = [...box()], { width, height } = answer();
    const limits = [[0, now[2] - 1], [0, now[3] - 1], [now[0] + 1, width], [now[1] + 1, height]][edge];
    now[edge] = Math.max(limits[0], Math.min(limits[1], now[edge] + by));
    draft = now;
    draw();
  }

  function choose(place) {
    chosen = place;
    draft = null;
    drawing = false;
    if (place !== null) {
      classes.value = info.objects[place].class;
      edge = order()[0];
      page.speak(`${info.objects[place].class}. Edge ${sides[edge]}.`);
    }
    draw();
  }

  function cancel() {
    if (draft === null) {
      choose(null);
    } else {
      draft = null;
      drawing = false;
      chosen = chosen === added ? null : chosen;
      draw();
    }
    return null;
  }

  // A rectangle or a line that is drawn twice, dark below light, so that it is visible on any image.
  const twice = (name, attributes, kind) => [make(name, { ...attributes, class: `${kind}-back` }), make(name, { ...attributes, class: kind })];
  const rect = ([x1, y1, x2, y2]) => ({ x: x1, y: y1, width: Math.max(0, x2 - x1), height: Math.max(0, y2 - y1) });

  function draw() {
    root.hidden = !on || !info;
    svg.toggleAttribute("hidden", !on || !info);
    if (root.hidden) {
      return;
    }
    const { width, height } = answer(), now = box();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.classList.toggle("drawing", drawing);
    svg.replaceChildren(
      ...info.objects.flatMap((item, i) => (i === chosen ? [] : [
        ...twice("rect", rect(item.box), item.crowd ? "label-crowd" : `label-line ${item.state}`),
        item.crowd ? null : make("rect", { ...rect(item.box), class: "label-hit", onclick: () => choose(i) }),
      ])).filter(Boolean),
      ...info.issues.filter((issue) => !isDone(issue)).flatMap((issue) => twice("rect", rect(issue.box), "issue-line")),
      ...(now ? [...twice("rect", rect(now), "label-line chosen"), ...sides.flatMap((_, side) => handle(now, side))] : []));
    lists(now);
  }

  function handle([x1, y1, x2, y2], side) {
    const line = [{ x1, x2: x1, y1, y2 }, { x1, x2, y1, y2: y1 }, { x1: x2, x2, y1, y2 }, { x1, x2, y1: y2, y2 }][side];
    return [
      ...(side === edge ? twice("line", line, "edge-line") : []),
      make("line", { ...line, class: `edge-hit ${side % 2 ? "y" : "x"}`, "data-edge": side }),
    ];
  }

  function lists(now) {
    $("file").textContent = info.file;
    $("state").textContent = `${info.edits} ${info.edits === 1 ? "correction" : "corrections"} in this image, ${info.allEdits} in all${info.reviewed ? "; checked" : ""}.`;
    $("objects").replaceChildren(...places().map((i) => make("li", {}, make("button", {
      type: "button", class: "row", "aria-pressed": String(i === chosen), onclick: () => choose(i),
    }, `${info.objects[i].class}${info.objects[i].state === "original" ? "" : ` (${info.objects[i].state})`}`,
    make("span", { class: "of" }, info.objects[i].box.map((value) => value.toFixed(0)).join(", "))))));
    const found = now ? detection() : null;
    $("edges").replaceChildren(...(now ? order() : []).map((side) => make("li", {}, make("button", {
      type: "button", class: "row", "aria-pressed": String(side === edge),
      onclick: () => { edge = side; draw(); svg.focus({ preventScroll: true }); },
    }, sides[side], make("span", { class: "of" }, `${now[side].toFixed(1)} px${
      found ? `, predicted ${found.mean[side].toFixed(1)} ± ${found.deviation[side].toFixed(1)}` : ""}`)))));
    $("none").hidden = Boolean(now);
    $("issues").replaceChildren(...info.issues.map((issue) => make("li", { class: isDone(issue) ? "done" : "" }, issue.text)));
    $("no-issues").hidden = info.issues.length > 0;
    for (const [action, enabled] of Object.entries({
      save: Boolean(now) && (chosen === added || draft !== null || classes.value !== info.objects[chosen].class),
      remove: now !== null, accept: info.issues.some((issue) => !isDone(issue)), undo: info.allEdits > 0, snap: found !== null,
    })) {
      root.querySelector(`[data-action="${action}"]`).disabled = !enabled;
    }
  }

  const at = (event) => {
    const frame = svg.getBoundingClientRect(), { width, height } = answer();
    return [((event.clientX - frame.left) / frame.width) * width, ((event.clientY - frame.top) / frame.height) * height];
  };

  svg.addEventListener("pointerdown", (event) => {
    const side = event.target.dataset?.edge;
    const start = at(event);
    if (side === undefined && !drawing) {
      return;
    }
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    let moved = false;
    const drag = (next) => {
      const now = at(next);
      moved = true;
      if (side !== undefined) {
        edge = Number(side);
        move(now[edge % 2] - box()[edge]);
      } else {
        draft = clip([Math.min(start[0], now[0]), Math.min(start[1], now[1]), Math.max(start[0], now[0], start[0] + 1), Math.max(start[1], now[1], start[1] + 1)]);
        draw();
      }
    };
    const end = () => {
      svg.removeEventListener("pointermove", drag);
      if (moved && (side !== undefined ? chosen !== added : draft[2] - draft[0] > 2 && draft[3] - draft[1] > 2)) {
        actions.save();
      } else {
        draw();
      }
    };
    svg.addEventListener("pointermove", drag);
    svg.addEventListener("pointerup", end, { once: true });
  });

  classes.addEventListener("change", () => (chosen === null ? null : chosen === added ? draw() : actions.save()));
  for (const button of root.querySelectorAll("[data-action]")) {
    button.addEventListener("click", () => actions[button.dataset.action]());
  }

  const keys = { a: actions.accept, b: actions.add, d: actions.remove, Delete: actions.remove, u: actions.undo, r: actions.next, s: () => box() && actions.snap(), c: () => classes.focus() };
  const arrows = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, -1], ArrowDown: [1, 1] };
  addEventListener("keydown", (event) => {
    if (!on || !info || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea, #table")) {
      return;
    }
    if (event.ctrlKey) {
      if (event.key === "z") {
        event.preventDefault();
        actions.undo();
      }
      return;
    }
    const list = places(), now = box();
    if (event.key in arrows && now) {
      const [axis, sign] = arrows[event.key];
      event.preventDefault();
      edge = edge % 2 === axis ? edge : order().find((side) => side % 2 === axis);
      move(sign * (event.shiftKey ? 10 : 1));
      svg.focus({ preventScroll: true });
    } else if (event.key.toLowerCase() === "o" && list.length) {
      event.preventDefault();
      const place = list.indexOf(chosen) + (event.shiftKey ? -1 : 1);
      choose(list[(place + list.length) % list.length]);
      svg.focus({ preventScroll: true });
    } else if (event.key.toLowerCase() === "e" && now) {
      event.preventDefault();
      const all = order();
      edge = all[(all.indexOf(edge) + (event.shiftKey ? 3 : 1)) % 4];
      page.speak(`Edge ${sides[edge]}.`);
      draw();
    } else if (event.key === "Enter" && now && !event.target.closest("button, a, summary")) {
      event.preventDefault();
      actions.save();
    } else if (event.key === "Escape" && (now || drawing)) {
      event.stopImmediatePropagation();
      cancel();
    } else if (event.key in keys) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  return {
    /** Loads the labels of an image of the data set. */
    load: async (model, image) => {
      const mine = `model=${encodeURIComponent(model)}&image=${image}`;
      where = mine;
      const response = await focalsharp.ask(`api/labels?${where}`);
      if (where !== mine) {
        return; // another image was opened meanwhile
      }
      const now = classes.value;
      classes.replaceChildren(...response.classes.map((name) => new Option(name, name)));
      classes.value = response.classes.includes(now) ? now : response.classes[0];
      chosen = null;
      take(response);
    },

    /** Forgets the image, because it is not of the data set. */
    clear: () => {
      where = "";
      info = null;
      draw();
    },

    /** Shows or hides the editor. */
    show: (shown) => {
      on = shown;
      draw();
    },
  };
};
