"use strict";
/* Asking the explorer, and choosing one of its models. */

/** The JSON of an address; a refusal becomes an Error with the explorer's own sentence. */
focalsharp.ask = async (address, options) => {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    throw new Error("The explorer did not answer. Is it still running? A file that is too large also ends the connection.");
  }
  const text = await answer.text();
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error(`The explorer answered ${answer.status} with something that is no JSON.`);
  }
  if (!answer.ok) {
    throw new Error(body.error || `The explorer answered ${answer.status}.`);
  }
  return body;
};

/** A sentence for the visitor, or none. */
focalsharp.notice = (text) => {
  const element = document.querySelector("[data-notice]");
  element.hidden = !text;
  element.textContent = text || "";
};

/** A word of the query string, kept while the page is open. */
focalsharp.query = {
  get: (name) => new URLSearchParams(location.search).get(name),
  set: (values) => {
    const words = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === undefined) {
        words.delete(name);
      } else {
        words.set(name, value);
      }
    }
    history.replaceState(null, "", `${location.pathname}${words.size ? `?${words}` : ""}${location.hash}`);
  },
};

/** Fills the model's select, remembers the choice in the address, and tells of changes. */
focalsharp.models = async (select, changed) => {
  const { models, ...limits } = await focalsharp.ask("api/models");
  const kinds = { run: "Runs", onnx: "ONNX files", weights: "Weights" };
  for (const [kind, label] of Object.entries(kinds)) {
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...models.filter((model) => model.kind === kind).map((model) => new Option(model.id, model.id)));
    if (group.children.length) {
      select.append(group);
    }
  }
  const wished = focalsharp.query.get("model");
  if (models.some((model) => model.id === wished)) {
    select.value = wished;
  } else if (select.options.length) {
    select.selectedIndex = 0;
  }
  select.disabled = models.length === 0;
  select.addEventListener("change", () => {
    focalsharp.query.set({ model: select.value, image: null });
    changed(select.value);
  });
  return { models, limits };
};

/** An element with attributes and children; names beginning with "on" are listeners. */
focalsharp.element = (name, attributes = {}, ...children) => {
  const drawn = ["svg", "g", "rect", "line", "path", "text", "defs", "linearGradient", "stop"].includes(name);
  const element = drawn ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};
