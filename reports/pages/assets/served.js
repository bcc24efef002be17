"use strict";
// Pages work without this: it adds dropping files, progress as it comes, and buttons that say they are busy.
document.documentElement.classList.add("scripted");

for (const form of document.querySelectorAll("[data-drop]")) {
  const zone = form.querySelector(".drop-zone");
  const input = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]");
  const show = () => {
    const names = [...input.files].map((one) => one.name);
    chosen.textContent = names.join(", ");
    chosen.hidden = !names.length;
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"])
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("over"); });
  for (const kind of ["dragleave", "drop"])
    zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
  form.addEventListener("submit", () => {
    const button = form.querySelector("[data-busy]");
    button.textContent = button.dataset.busy;
    setTimeout(() => { button.disabled = true; });
  });
}
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => event.preventDefault());

const progress = document.querySelector("[data-progress]");
if (progress) {
  const items = [...progress.querySelectorAll(".stages li")];
  const bar = progress.querySelector("progress");
  const now = progress.querySelector("[data-now]");
  const look = async () => {
    try {
      const answer = await fetch(progress.dataset.progress, { headers: { accept: "application/json" } });
      const { running, begun } = await answer.json();
      if (!running) { location.replace(progress.dataset.after); return; }
      const last = begun[begun.length - 1];
      items.forEach((item, at) => {
        item.className = at === last ? "now" : begun.includes(at) ? "done" : "";
      });
      bar.value = begun.length;
      if (last !== undefined && now.textContent !== `${items[last].textContent} …`)
        now.textContent = `${items[last].textContent} …`;
    } catch { now.textContent = "The server does not answer. Is it still running?"; }
    setTimeout(look, 400);
  };
  look();
}
