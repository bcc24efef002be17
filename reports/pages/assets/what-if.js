"use strict";
// Without this, a button shows what the values lead to. With it, they do while they are moved.
const form = document.querySelector("[data-try]");
const moves = document.querySelector("[data-moves]");
form.querySelector("[data-show]").hidden = true;

let wanted = false;
let asking = false;
const ask = async () => {
  wanted = true;
  if (asking) return;
  asking = true;
  moves.setAttribute("aria-busy", "true");
  while (wanted) {
    wanted = false;
    const body = new FormData(form);
    body.set("scripted", "yes");
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      const told = new DOMParser().parseFromString(await answer.text(), "text/html");
      moves.replaceChildren(...told.body.childNodes);
    } catch { moves.textContent = "The server does not answer. Is it still running?"; }
  }
  moves.setAttribute("aria-busy", "false");
  asking = false;
};
for (const slider of form.querySelectorAll("input[type=range]"))
  slider.addEventListener("input", () => {
    slider.closest(".slider").querySelector("[data-output]").textContent = slider.value;
    ask();
  });
form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
