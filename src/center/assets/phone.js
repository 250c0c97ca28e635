// The ticket on a phone: asks again only when its own line moves, and not at the same moment
// as every other phone in the hall.

import { follow } from "./stream.js";

const SPREAD_MS = 2_000;

const page = document.getElementById("ticket");
const stale = document.getElementById("stale");
let pending;
let waiting;
let asked = 0;

const mine = () => page.querySelector("article")?.dataset ?? {};

async function refresh() {
  const turn = ++asked;
  const answer = await fetch(page.dataset.live);
  if (answer.status === 404) return location.reload();
  if (!answer.ok) throw new Error(`refresh: ${answer.status}`);
  const text = await answer.text();
  if (turn !== asked) return; // a later answer is on its way
  const before = mine().state;
  page.innerHTML = text;
  if (before !== "called" && mine().state === "called") navigator.vibrate?.([300, 150, 300]);
}

function soon(withinMs) {
  if (pending && withinMs > 0) return;
  clearTimeout(pending);
  pending = setTimeout(() => {
    pending = undefined;
    // What could not be fetched now is fetched a little later: nothing else would ask again.
    refresh().catch(() => soon(SPREAD_MS));
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
