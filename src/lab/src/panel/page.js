"use strict";
// Every button is one call. What is pressed is what the bench's state says, never what was clicked.
const state = document.getElementById("state");
const said = document.getElementById("said");
const paper = document.getElementById("paper");
const buttons = [...document.querySelectorAll("button[data-path]")];
let printed = 0;

function show(now) {
  state.textContent = JSON.stringify(now, null, 1);
  for (const button of buttons) {
    if (!button.dataset.shows) continue;
    const wanted = Object.entries(JSON.parse(button.dataset.shows));
    button.setAttribute("aria-pressed", String(wanted.every(([key, value]) => now[key] === value)));
  }
  if (now.papers_printed !== printed) {
    printed = now.papers_printed;
    paper.querySelector("img").src = `/paper.png?${printed}`;
    paper.hidden = printed === 0;
  }
}

async function look() {
  try {
    const answer = await fetch("/state");
    show(await answer.json());
    document.body.classList.remove("gone");
  } catch {
    document.body.classList.add("gone");
    said.textContent = "The lab does not answer.";
  }
}

async function press(button) {
  const { path, body } = button.dataset;
  const headers = { "Content-Type": "application/json" };
  button.disabled = true;
  try {
    const answer = await fetch(path, { method: "POST", headers, body });
    said.textContent = answer.ok ? "" : `${button.textContent}: refused (${answer.status})`;
  } finally {
    button.disabled = false;
    await look();
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-path]");
  if (button) press(button);
});
setInterval(look, 1000);
look();
