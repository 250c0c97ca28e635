// The ticket on a phone: asks again only when its own line moves, and not at the same moment
// as every other phone in the hall.

import { follow } from "./stream.js";

const SPREAD_MS = 2_000;

const page = document.getElementById("ticket");
const stale = document.getElementById("stale");
let pending;
let waiting;

const mine = () => page.querySelector("article")?.dataset ?? {};

async function refresh() {
  const before = mine().state;
  const answer = await fetch(page.dataset.live);
  if (answer.status === 404) return location.reload();
  if (!answer.ok) return;
  page.innerHTML = await answer.text();
  if (before !== "called" && mine().state === "called") navigator.vibrate?.([300, 150, 300]);
}

function soon(withinMs) {
  if (pending && withinMs > 0) return;
  clearTimeout(pending);
  pending = setTimeout(() => {
    pending = undefined;
    refresh().catch(() => {});
  }, Math.random() * withinMs);
}

function heardQueue({ fields }) {
  const now = fields.find(({ code }) => code === mine().field)?.waiting;
  // A longer line behind this ticket changes nothing here.
  if (now < waiting || mine().state !== "waiting") soon(SPREAD_MS);
  waiting = now;
}

follow(
  {
    resync: (all) => {
      waiting = undefined;
      heardQueue(all);
      soon(SPREAD_MS);
    },
    call: ({ number }) => {
      if (number === mine().number) soon(0);
    },
    queue: heardQueue,
  },
  () => {
    stale.hidden = true;
  },
  () => {
    stale.hidden = false;
  },
);
