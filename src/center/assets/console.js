// The officers' console: one key per action, always current.

import { follow } from "./stream.js";

const live = document.getElementById("live");
const notice = document.getElementById("notice");
const stale = document.getElementById("stale");
const said = document.getElementById("said");

let busy = false;
let asked = 0;

async function refresh() {
  const mine = ++asked;
  const answer = await fetch("/console/live");
  if (answer.status === 401) return location.reload();
  if (!answer.ok) throw new Error(`refresh: ${answer.status}`);
  const page = await answer.text();
  if (mine !== asked) return; // a later answer is on its way
  const focused = document.activeElement?.closest?.("form")?.getAttribute("action");
  live.innerHTML = page;
  if (focused) live.querySelector(`form[action="${focused}"] button:enabled`)?.focus();
  const open = live.querySelector("[data-open]")?.dataset.open ?? "";
  if (said.textContent !== open) said.textContent = open;
}

const refreshOrWait = () => refresh().catch(() => {});

function tell(words) {
  notice.textContent = words;
  notice.hidden = !words;
}

async function press(form) {
  if (busy) return;
  busy = true;
  document.body.classList.add("busy");
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
    });
    if (answer.status === 401) return location.reload();
    tell("");
    if (answer.status === 409) tell(notice.dataset.movedOn);
    else if (!answer.ok) stale.hidden = false;
    else if (form.dataset.key === "N" && !(await answer.json()).open) tell(notice.dataset.nobody);
    await refresh();
  } catch {
    stale.hidden = false;
  } finally {
    busy = false;
    document.body.classList.remove("busy");
  }
}

live.addEventListener("submit", (event) => {
  event.preventDefault();
  press(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  // On a button the space bar presses that button, as everywhere.
  if (event.key === " " && event.target !== document.body) return;
  const key = event.key === " " ? "N" : event.key.toUpperCase();
  const form = live.querySelector(`form[data-key="${CSS.escape(key)}"]`);
  if (!form || form.querySelector("button").disabled) return;
  event.preventDefault();
  press(form);
});

follow(
  { resync: refreshOrWait, call: refreshOrWait, queue: refreshOrWait, help: refreshOrWait },
  () => {
    stale.hidden = true;
  },
  () => {
    stale.hidden = false;
  },
);
