"use strict";
/* The images that a run was evaluated on, in pages. */
focalsharp.browser = (root, open) => {
  const make = focalsharp.element;
  const list = root.querySelector("[data-images]"), more = root.querySelector("[data-more]"), text = root.querySelector("[data-summary]");
  const size = 24;
  let model = null, count = 0, order = "worst", asked = 0;

  const badges = (image, evaluated) => {
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
  make("span", { class: "name" }, image.name), make("span", { class: "badges" }, ...badges(image, evaluated))));

  let current = null;

  async function page() {
    const turn = ++asked;
    more.disabled = true;
    const answer = await focalsharp.ask(`api/images?model=${encodeURIComponent(model)}&order=${order}&offset=${count}&limit=${size}`);
    if (turn !== asked) {
      return null;
    }
    list.append(...answer.images.map((image) => card(image, answer.evaluated)));
    count += answer.images.length;
    more.hidden = count >= answer.total;
    more.disabled = false;
    text.textContent = answer.note ? answer.note : answer.evaluated
      ? `${answer.total} images of ${answer.dataset} (${answer.split}). ${answer.missed} of ${answer.objects} objects are missed (score above 0.30, IoU at least 0.50).`
      : `${answer.total} images of ${answer.dataset} (${answer.split}). No saved detections for these images, so they are listed by name.`;
    return answer;
  }

  more.addEventListener("click", () => page().catch((error) => focalsharp.notice(error.message)));
  for (const choice of root.querySelectorAll('[name="order"]')) {
    choice.addEventListener("change", () => {
      order = choice.value;
      restart().catch((error) => focalsharp.notice(error.message));
    });
  }

  async function restart() {
    count = 0;
    list.replaceChildren();
    return page();
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
        text.textContent = error.message;
        return null;
      }
    },

    /** Marks the current image. */
    mark: (index) => {
      current = index;
      for (const button of list.querySelectorAll("[data-image]")) {
        button.setAttribute("aria-pressed", String(Number(button.dataset.image) === index));
      }
    },
  };
};
