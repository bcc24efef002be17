"use strict";
(() => {
  /* The scores of a table of signals on the scale: the bar as a line, the zone just under it shaded, manager full,
     self hollow. The numbers stand beside it, for everybody who does not see it. */
  const draw = (table) => {
    const [lowest, highest, near] = table.dataset.scale.split(" ").map(Number);
    const at = (value) => (8 + (Math.min(Math.max(value, lowest), highest) - lowest) / (highest - lowest) * 204).toFixed(1);
    const chart = (kind, box, parts) => `<svg class="chart ${kind}" viewBox="0 0 ${box}" aria-hidden="true">${parts}</svg>`;
    for (const row of table.tBodies[0].rows) {
      const [manager, self, bar] = [...row.cells].slice(1).map((cell) => parseFloat(cell.textContent));
      const [m, s, b] = [manager, self, bar].map(at);
      const parts = [`<path class="near" d="M${at(bar - near)} 12H${b}"/><path class="track" d="M8 12H212"/>`];
      if (manager >= lowest && self >= lowest) parts.push(`<path class="between" d="M${s} 12H${m}"/>`);
      parts.push(`<path class="bar" d="M${b} 2V22"/>`);
      if (self >= lowest) parts.push(`<path class="self" d="M${s} 6.5l5.5 5.5-5.5 5.5-5.5-5.5z"/>`);
      if (manager >= lowest) parts.push(`<circle class="manager" cx="${m}" cy="12" r="5"/>`);
      row.cells[0].insertAdjacentHTML("afterend", `<td class="wide">${chart("bullet", "220 24", parts.join(""))}</td>`);
    }
    table.tHead.rows[0].cells[0].insertAdjacentHTML("afterend", `<th class="wide">Scale ${lowest} to ${highest}</th>`);
    const keys = {
      manager: '<circle class="manager" cx="6" cy="8" r="5"/>',
      self: '<path class="self" d="M6 2.5l5.5 5.5-5.5 5.5-5.5-5.5z"/>',
      bar: '<path class="bar" d="M6 0V16"/>',
      "near the bar": '<path class="near" d="M0 8H12"/>',
    };
    const legend = Object.entries(keys).map(([name, drawn]) => `<span>${chart("key", "12 16", drawn)}${name}</span> `);
    table.insertAdjacentHTML("afterend", `<p class="legend" aria-hidden="true">${legend.join("")}</p>`);
  };
  const drawAll = (holder) => holder.querySelectorAll("table[data-scale]").forEach(draw);

  /* Cards wait as text, which a browser reads many times faster than elements, until somebody opens them. */
  const fill = (details) => {
    const waiting = details.querySelector(":scope > noscript");
    if (!waiting) return;
    waiting.outerHTML = waiting.textContent;
    drawAll(details);
  };
  document.addEventListener("toggle", (event) => event.target.open && fill(event.target), true);

  /* A manager's few people follow as soon as the browser is idle, to be found on the page and printed. */
  const cards = [...document.querySelectorAll(".manager .people > li > details")];
  const soon = window.requestIdleCallback || ((work) => setTimeout(work, 50));
  const fillNext = () => {
    if (!cards.length) return;
    fill(cards.shift());
    soon(fillNext);
  };
  const fillAll = () => cards.splice(0).forEach(fill);
  addEventListener("load", () => soon(fillNext));
  addEventListener("beforeprint", fillAll);
  matchMedia("print").addEventListener("change", fillAll);

  /* A link to a person opens the card, also when the address changes later. */
  const openTarget = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (!target) return;
    const row = target.closest(".people > li");
    if (row && row.hidden) row.parentElement.dispatchEvent(new Event("showall"));
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") { part.open = true; fill(part); }
    target.scrollIntoView();
    const summary = target.querySelector("summary");
    if (summary) summary.focus({ preventScroll: true });
  };

  drawAll(document);
  addEventListener("hashchange", openTarget);
  openTarget();
})();
