"use strict";
// Every button is one call; the state is shown as the bench tells it.
const state = document.getElementById("state");
const paper = document.getElementById("paper");
let printed = -1;

async function look() {
  const now = await (await fetch("/state")).json();
  state.textContent = JSON.stringify(now, null, 1);
  if (now.papers_printed !== printed) {
    printed = now.papers_printed;
    paper.src = `/paper.png?${printed}`;
  }
}

document.addEventListener("click", async (event) => {
  const { path, body } = event.target.dataset;
  if (!path) return;
  await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  await look();
});
setInterval(look, 1000);
look();
