"use strict";
/*
 * The images that a run was evaluated on, in pages: all of them in an order, or those that a filter in the address finds, with the boxes that it counts.
 */
focalsharp.browser = (root, open) => {
  const make = focalsharp.element;
  const list = root.querySelector("[data-images]"), more = root.querySelector("[data-more]"), text = root.querySelector("[data-summary]");
  const title = root.querySelector("h2"), all = root.querySelector("[data-all]"), orders = root.querySelector("fieldset");
  const size = 24, names = ["class", "size", "error", "annotated", "detected", "issue"];
  let checked = new Set();
  let model = null, items = [], total = 0, order = "worst", asked = 0, current = null;

  const filter = () => names.map((name) => [name, focalsharp.query.get(name)]).filter(([, value]) => value !== null);

  const badges = (image, evaluated) => {
    if (image.marks) {
      return [make("span", { class: "badge" }, `${image.marks.length} counted`)];
    }
    if (!evaluated) {
      return [make("span", { class: "badge" }, `${image.objects} ${image.objects === 1 ? "object" : "objects"}`)];
    }
    const result = [make("span", { class: image.missed ? "badge bad" : "badge good" },
      image.missed ? `missed ${image.missed} of ${image.objects}` : `found all ${image.objects}`)];
    if (image.falsePositives) {
      result.push(make("span", { class: "badge" }, `${image.falsePositives} false positive${image.falsePositives === 1 ? "" : "s"}`));
    }
    return result;
  };

  const card = (image, evaluated) => make("li", {}, make("button", {
    type: "button", class: "picture", "data-image": image.index, "aria-pressed": String(image.index === current),
    onclick: () => open(image.index),
  },
  make("img", { src: `api/images/thumbnail?model=${encodeURIComponent(model)}&image=${image.index}`, alt: "", loading: "lazy", width: 160, height: 160 }),
  make("span", { class: "name" }, image.name), make("span", { class: "badges" },
  checked.has(image.index) ? make("span", { class: "badge good" }, "checked") : null, ...badges(image, evaluated))));

  const summary = (answer) => {
    const where = `${answer.dataset} (${answer.split})`;
    if (answer.note) {
      return answer.note;
    }
    if (answer.filter !== undefined) {
      return `${focalsharp.count(answer.total, "image")} of ${where}, with ${answer.counted} counted.`;
    }
    return answer.evaluated
      ? `${focalsharp.count(answer.total, "image")} of ${where}. ${answer.missed} of ${focalsharp.count(answer.objects, "object")} missed (score above 0.30, IoU at least 0.50).`
      : `${focalsharp.count(answer.total, "image")} of ${where}. No saved detections for these images, so the list is by name.`;
  };

  async function page() {
    const turn = ++asked;
    more.disabled = true;
    const words = new URLSearchParams([["model", model], ["order", order], ["offset", items.length], ["limit", size], ...filter()]);
    const answer = await focalsharp.ask(`api/images?${words}`);
    if (turn !== asked) {
      return null;
    }
    if (items.length === 0) {
      const { reviewed } = answer.note ? { reviewed: [] } : await focalsharp.ask(`api/labels/progress?model=${encodeURIComponent(model)}`);
      if (turn !== asked) {
        return null;
      }
      checked = new Set(reviewed);
    }
    list.append(...answer.images.map((image) => card(image, answer.evaluated)));
    items.push(...answer.images);
    total = answer.total;
    more.hidden = items.length >= total;
    more.disabled = false;
    title.textContent = answer.filter ? `${answer.filter[0].toUpperCase()}${answer.filter.slice(1)}` : "Evaluated images";
    all.hidden = answer.filter === undefined;
    orders.hidden = answer.filter !== undefined;
    text.textContent = summary(answer);
    return answer;
  }

  more.addEventListener("click", () => page().catch((error) => focalsharp.notice(error.message)));
  for (const choice of root.querySelectorAll('[name="order"]')) {
    choice.addEventListener("change", () => {
      order = choice.value;
      restart().catch((error) => focalsharp.notice(error.message));
    });
  }
  all.addEventListener("click", () => {
    clear();
    restart().catch((error) => focalsharp.notice(error.message));
  });

  function clear() {
    focalsharp.query.set(Object.fromEntries([...names, "file"].map((name) => [name, null])));
  }

  async function restart() {
    items = [];
    list.replaceChildren();
    return page();
  }

  // Loads pages until one contains what is asked for.
  async function find(condition) {
    for (;;) {
      const place = items.findIndex(condition);
      if (place >= 0 || items.length >= total || !(await page())) {
        return place;
      }
    }
  }

  return {
    /** Lists the images of a model; resolves to the first page, or null if there are none. */
    show: async (id) => {
      model = id;
      root.hidden = false;
      try {
        return await restart();
      } catch (error) {
        list.replaceChildren();
        more.hidden = true;
        all.hidden = filter().length === 0;
        text.textContent = error.message;
        return null;
      }
    },

    /** Lists all images again, when another model is selected. */
    clear,

    /** Resolves to the listed image of a file, or null. */
    find: async (file) => {
      const place = await find((item) => item.name === file);
      return place < 0 ? null : items[place];
    },

    /** Returns the listed image of an index, or undefined. */
    get: (index) => items.find((item) => item.index === index),

    /** Resolves to the image that follows the current one by a number of places, or null. */
    step: async (places) => {
      const at = items.findIndex((item) => item.index === current) + places;
      while (at >= items.length && items.length < total && (await page()));
      return items[at] ?? null;
    },

    /** Records that the labels of the current image were checked; resolves to the next image that is not, or null. */
    next: async () => {
      const card = list.querySelector(`[data-image="${current}"] .badges`);
      if (!checked.has(current) && card) {
        card.prepend(make("span", { class: "badge good" }, "checked"));
      }
      checked.add(current);
      const from = items.findIndex((item) => item.index === current);
      const place = await find((item, i) => i > from && !checked.has(item.index));
      return place < 0 ? items.find((item) => !checked.has(item.index)) ?? null : items[place];
    },

    /** Returns the place of the current image from 1, or 0, and the number of listed images. */
    place: () => ({ at: items.findIndex((item) => item.index === current) + 1, total }),

    /** Marks the current image. */
    mark: (index) => {
      current = index;
      for (const button of list.querySelectorAll("[data-image]")) {
        button.setAttribute("aria-pressed", String(Number(button.dataset.image) === index));
      }
    },
  };
};
