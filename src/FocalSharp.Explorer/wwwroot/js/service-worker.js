"use strict";
// FocalSharp: caches the files of this export, and replaces those of an earlier one.
const CACHE = "focalsharp-{{version}}";
const FILES = {{files}};

addEventListener("install", (event) => event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(caches.keys()
  .then((names) => Promise.all(names.filter((name) => name.startsWith("focalsharp-") && name !== CACHE).map((name) => caches.delete(name))))
  .then(() => clients.claim())));
addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && new URL(event.request.url).origin === location.origin) {
    event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((cached) => cached ?? fetch(event.request)));
  }
});
