"use strict";
// The session without it: forms and links. With it: a clock, keys, and decisions without leaving the page.
document.documentElement.classList.add("scripted");
const main = document.querySelector("[data-session]");
const form = document.querySelector("[data-decide]");
const find = document.querySelector("#find");
const base = main.dataset.base;
const number = Number(main.dataset.number);

// Two clocks, which go on when the page is loaded again: one for this person, and one for the session, which
// begins with the first page of this window and anew after an hour away.
const clock = document.querySelector("[data-clock]");
const HOUR = 3600000;
const kept = JSON.parse(sessionStorage.getItem(base) || "null");
const fresh = kept && Date.now() - kept.seen < HOUR ? kept : { began: Date.now() };
const began = fresh.began;
const started = fresh.number === number ? fresh.started : Date.now();
const tick = () => {
  const now = Date.now();
  sessionStorage.setItem(base, JSON.stringify({ began, started, number, seen: now }));
  const seconds = Math.floor((now - started) / 1000);
  clock.querySelector("[data-person]").textContent =
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  clock.classList.toggle("late", seconds >= Number(clock.dataset.minutes) * 60);
  document.querySelector("[data-so-far]").textContent = Math.floor((now - began) / 60000);
};
document.querySelector("[data-whole]").hidden = false;
tick();
setInterval(tick, 1000);

const go = (to) => { location.assign(`${base}/${to}`); };
const differs = document.querySelector("[data-differs]");
const optional = document.querySelector("[data-optional]");
const adjust = () => {
  const chosen = form.querySelector("[name=decision]:checked");
  const other = Boolean(chosen) && chosen.value !== main.dataset.recommended;
  differs.hidden = !other;
  optional.hidden = other;
};
form.addEventListener("change", adjust);
adjust();

if (matchMedia("(max-width: 40rem)").matches) document.querySelector("[data-signals]").open = false;

// What was chosen and not recorded is not left behind in silence: the first step away says so.
let unrecorded = false;
form.addEventListener("input", () => { unrecorded = true; });
for (const link of document.querySelectorAll("[data-next], [data-prev]"))
  link.addEventListener("click", (event) => {
    if (!unrecorded) return;
    unrecorded = false;
    event.preventDefault();
    document.querySelector("[data-saved]").textContent =
      "Not recorded yet. Press Enter to record it, or move on again to leave it unrecorded.";
  });

const problem = document.querySelector("[data-problem]");
const say = (text, title = "Not recorded.") => {
  problem.hidden = !text;
  document.querySelector("[data-problem-title]").textContent = title;
  document.querySelector("[data-problem-text]").textContent = text || "";
};

// The page is loaded anew to show what somebody else decided; what was typed here is shown beside it.
const typed = () => {
  const chosen = form.querySelector("[name=decision]:checked");
  return [chosen && chosen.dataset.label,
    ...["#reason", "#follow_up"].map((one) => form.querySelector(one).value.trim())].filter(Boolean).join("; ");
};
say(sessionStorage.getItem(location.pathname));
sessionStorage.removeItem(location.pathname);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("[data-save]");
  const saved = document.querySelector("[data-saved]");
  const body = new FormData(form);
  body.set("scripted", "yes");
  if (differs.hidden) body.set("reason_code", "");
  button.disabled = true;
  saved.textContent = "Recording …";
  say("");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
    if (answer.status === 401 || answer.status === 403) {
      saved.textContent = "";
      say("The server was started anew since this page was opened. Copy what you have typed, open the address " +
        "that the server printed then, and record it there.");
      return;
    }
    const told = await answer.json();
    if (!answer.ok) {
      saved.textContent = "";
      if (!told.meanwhile) { say(told.problem); return; }
      sessionStorage.setItem(location.pathname, `${told.problem} You had chosen: ${typed()}`);
      go(number);
      return;
    }
    saved.textContent = "Recorded.";
    go(told.next || number);
  } catch {
    saved.textContent = "";
    say("The server does not answer, so it is not known whether this was recorded. Load the page again.",
      "No answer.");
  } finally { button.disabled = false; }
});

find.form.addEventListener("submit", (event) => {
  if (!find.value.trim()) event.preventDefault(); // whom anything else means, the server says
});
find.addEventListener("change", () => {
  if ([...document.querySelectorAll("#people option")].some((one) => one.value === find.value))
    go(find.value.split(" ")[0]);
});

addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=radio]), textarea, select");
  if (event.key === "Escape" && typing) { event.target.blur(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const choices = [...form.querySelectorAll("[name=decision]")];
  const keys = {
    ArrowRight: () => document.querySelector("[data-next]")?.click(),
    ArrowLeft: () => document.querySelector("[data-prev]")?.click(),
    "/": () => find.focus(),
    u: () => { const box = document.querySelector(".sure"); if (box) { box.open = true; box.querySelector("#why").focus(); } },
    Enter: () => { if (!event.target.matches("a, button, summary")) form.requestSubmit(); },
  };
  const chosen = choices[Number(event.key) - 1];
  if (chosen) {
    chosen.checked = true;
    unrecorded = true;
    adjust();
    const wanting = differs.hidden ? null : differs.querySelector("select");
    if (wanting && !wanting.value) wanting.focus(); else chosen.focus();
  } else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});
