"use strict";
/* Requests to the explorer's server, and the selection of a model. */

/** Fetches JSON; an error response becomes an Error with the detail of its problem. */
focalsharp.ask = async (address, options) => {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    throw new Error("No response from the explorer. Check that it is running; a file that is too large also closes the connection.");
  }
  const text = await answer.text();
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error(`The explorer answered ${answer.status} with something that is not JSON.`);
  }
  if (!answer.ok) {
    throw new Error(body.detail || `The explorer answered ${answer.status}.`);
  }
  return body;
};

/** Shows a message, or hides it. */
focalsharp.notice = (text) => {
  const element = document.querySelector("[data-notice]");
  element.hidden = !text;
  element.textContent = text || "";
};

/** Reads and writes parameters of the query string. */
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

/** Fills the select element with the models, stores the selection in a parameter of the URL, and calls changed(id) when it changes. */
focalsharp.models = async (select, changed, name = "model") => {
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
  const requested = focalsharp.query.get(name);
  if (models.some((model) => model.id === requested)) {
    select.value = requested;
  } else if (select.options.length) {
    select.selectedIndex = 0;
  }
  select.disabled = models.length === 0;
  select.addEventListener("change", () => {
    focalsharp.query.set({ [name]: select.value, image: null });
    changed(select.value);
  });
  return { models, limits };
};

/** A number with its noun: "1 image", "2 images". */
focalsharp.count = (number, noun, plural = `${noun}s`) => `${number} ${number === 1 ? noun : plural}`;

/** Creates an element with attributes and children; names that start with "on" are event listeners. */
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
