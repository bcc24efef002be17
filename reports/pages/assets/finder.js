"use strict";
(() => {
  const list = document.querySelector(".people");
  const form = document.querySelector(".finder");

  const filters = ["band", "promotion", "department", "manager", "specialisation", "borderline"]
    .filter((name) => form && form.elements[name]);
  const chosen = () => filters.filter((name) => form.elements[name].value);
  const typed = () => form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const tell = (shown, all) => {
    form.querySelector("output").textContent = shown === all ? `${all} shown` : `${shown} of ${all} shown`;
    document.querySelector(".empty").hidden = shown > 0;
  };

  /* Everybody is on this page: hide and order their rows. */
  const ofRows = () => {
    const rows = [...list.children];
    const texts = rows.map((row) => row.querySelector("summary").textContent.toLowerCase());
    const numeric = new Set(["bandRank", "levelRank", "met"]);
    const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const filter = () => {
      const words = typed();
      const wanted = chosen();
      let shown = 0;
      rows.forEach((row, i) => {
        const fits = words.every((word) => texts[i].includes(word))
          && wanted.every((name) => row.dataset[name] === form.elements[name].value);
        row.hidden = !fits;
        shown += fits;
      });
      tell(shown, rows.length);
    };
    const sort = () => {
      const order = form.elements.sort.value;
      const falling = order.startsWith("-");
      const key = falling ? order.slice(1) : order;
      const sorted = rows.slice();
      if (key) {
        const compare = numeric.has(key)
          ? (a, b) => a.dataset[key] - b.dataset[key]
          : (a, b) => collator.compare(a.dataset[key], b.dataset[key]);
        sorted.sort((a, b) => (falling ? -compare(a, b) : compare(a, b)));
      }
      list.append(...sorted);
    };
    const openAll = () => rows.filter((row) => !row.hidden).forEach((row) => { row.firstElementChild.open = true; });
    return { filter, sort, openAll };
  };

  /* Everybody is on a sheet elsewhere: list the first who fit, with links. */
  const ofIndex = (holder) => {
    const all = Number(holder.dataset.people);
    let known = null;
    const everybody = () => {
      if (!known) known = read(JSON.parse(holder.textContent));
      return known;
    };
    const read = (index) => index.people.map(([anchor, name, id, sheet, band, confidence, move, room, lead, kind, near]) => ({
      href: `${holder.dataset.folder}/${index.sheets[sheet]}.html#${anchor}`,
      name,
      id,
      band: index.bands[band][0],
      result: index.bands[band][1],
      confidence: index.confidences[confidence],
      promotion: index.promotions[move][0],
      move: index.promotions[move][1],
      department: index.departments[room],
      manager: index.managers[lead],
      specialisation: index.specialisations[kind],
      borderline: near ? "yes" : "no",
      text: [name, id, index.promotions[move][1], index.departments[room], index.managers[lead],
        index.specialisations[kind], index.bands[band][1]].join(" ").toLowerCase(),
    }));
    const piece = (name, text, small) => {
      const made = document.createElement("span");
      made.className = name;
      made.append(text);
      if (small) made.append(Object.assign(document.createElement("span"), { className: "kind", textContent: small }));
      return made;
    };
    const row = (person) => {
      const link = Object.assign(document.createElement("a"), { href: person.href, className: "found-row" });
      const badge = Object.assign(document.createElement("span"), { className: `badge band-${person.band}`, textContent: person.result });
      link.append(piece("who", person.name, person.id), piece("move", person.move),
        piece("where", person.department, person.manager), piece("result", badge, `${person.confidence} confidence`));
      const item = document.createElement("li");
      item.append(link);
      return item;
    };
    const most = 50;
    const filter = () => {
      const words = typed();
      const wanted = chosen();
      const asked = words.length + wanted.length > 0;
      const fitting = !asked ? [] : everybody().filter((person) => words.every((word) => person.text.includes(word))
        && wanted.every((name) => person[name] === form.elements[name].value));
      list.hidden = !asked || fitting.length === 0;
      list.replaceChildren(...fitting.slice(0, most).map(row));
      tell(asked ? fitting.length : all, all);
      if (asked && fitting.length > most) form.querySelector("output").textContent += `, the first ${most} of them here`;
    };
    return { filter, sort: () => {}, openAll: () => {} };
  };

  const holder = document.getElementById("index");
  const view = form && list ? (holder ? ofIndex(holder) : ofRows()) : null;

  function clear() {
    form.reset();
    view.sort();
    view.filter();
  }

  if (form && list) {
    form.hidden = false;
    form.addEventListener("input", (event) => (event.target.name === "sort" ? view.sort() : view.filter()));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("click", (event) => {
      const target = event.target.closest("[data-clear], [data-open], [data-filter]");
      if (!target) return;
      if ("clear" in target.dataset) {
        clear();
        form.elements.text.focus();
      } else if ("open" in target.dataset) {
        view.openAll();
      } else {
        clear();
        form.elements[target.dataset.filter].value = target.dataset.value;
        view.filter();
      }
    });
    list.addEventListener("showall", clear);
    view.filter();
  }
})();
