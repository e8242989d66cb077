"use strict";
/* The link and the iframe of the page in its current state. Within an iframe the page reports its height: { type: "focalsharp:size", height }. */
(() => {
  const share = document.querySelector("[data-share]");
  if (parent !== window) {
    new ResizeObserver(() => parent.postMessage({ type: "focalsharp:size", height: document.documentElement.scrollHeight }, "*")).observe(document.body);
  }
  if (!share) {
    return;
  }
  const text = (value) => value.replace(/[&"<]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const update = () => {
    const address = new URL(location.href);
    share.querySelector("[data-link]").textContent = address.href;
    address.searchParams.set("embed", "1");
    share.querySelector("[data-frame]").textContent =
      `<iframe src="${text(address.href)}" title="${text(document.querySelector("h1").textContent)}" width="1120" height="640" style="border:0;max-width:100%" loading="lazy"></iframe>`;
  };
  share.addEventListener("toggle", update);
})();
