"use strict";
(() => {
  const list = document.querySelector(".people");
  const form = document.querySelector(".finder");

  /* Cards wait as text, which a browser reads many times faster than elements, until somebody opens them. */
  const fill = (details) => {
    const waiting = details.querySelector(":scope > noscript");
    if (waiting) waiting.outerHTML = waiting.textContent;
  };
  document.addEventListener("toggle", (event) => event.target.open && fill(event.target), true);

  /* A link to a person opens the card, also when the address changes later. */
  const openTarget = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (!target) return;
    const row = target.closest(".people > li");
    if (row && row.hidden) clear();
    for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") { part.open = true; fill(part); }
    target.scrollIntoView();
    const summary = target.querySelector("summary");
    if (summary) summary.focus({ preventScroll: true });
  };

  const rows = list ? [...list.children] : [];
  const texts = rows.map((row) => row.querySelector("summary").textContent.toLowerCase());
  const filters = ["band", "transition", "department", "manager", "stands"];
  const numeric = new Set(["bandRank", "levelRank", "met"]);
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  const filter = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = filters.filter((name) => form.elements[name] && form.elements[name].value);
    let shown = 0;
    rows.forEach((row, i) => {
      const fits = words.every((word) => texts[i].includes(word))
        && wanted.every((name) => row.dataset[name] === form.elements[name].value);
      row.hidden = !fits;
      shown += fits;
    });
    form.querySelector("output").textContent = shown === rows.length
      ? `${rows.length} shown` : `${shown} of ${rows.length} shown`;
    document.querySelector(".empty").hidden = shown > 0;
  };

  const sort = () => {
    const chosen = form.elements.sort.value;
    const falling = chosen.startsWith("-");
    const key = falling ? chosen.slice(1) : chosen;
    const sorted = rows.slice();
    if (key) {
      const compare = numeric.has(key)
        ? (a, b) => a.dataset[key] - b.dataset[key]
        : (a, b) => collator.compare(a.dataset[key], b.dataset[key]);
      sorted.sort((a, b) => (falling ? -compare(a, b) : compare(a, b)));
    }
    list.append(...sorted);
  };

  function clear() {
    form.reset();
    sort();
    filter();
  }

  if (form && list) {
    form.hidden = false;
    form.addEventListener("input", (event) => (event.target.name === "sort" ? sort() : filter()));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("click", (event) => {
      const target = event.target.closest("[data-clear], [data-open], [data-filter]");
      if (!target) return;
      if ("clear" in target.dataset) {
        clear();
        form.elements.text.focus();
      } else if ("open" in target.dataset) {
        rows.filter((row) => !row.hidden).forEach((row) => { row.firstElementChild.open = true; fill(row.firstElementChild); });
      } else {
        clear();
        form.elements[target.dataset.filter].value = target.dataset.value;
        filter();
      }
    });
    filter();
  }
  addEventListener("hashchange", openTarget);
  openTarget();
})();
