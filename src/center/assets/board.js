// The display board: shows calls one after the other, so that none hides another.

import { follow } from "./stream.js";

const AT_LEAST_MS = 4_000; // a call stays large this long …
const IN_A_RUSH_MS = 1_800; // … or this long when others wait behind it
const VIET_NAM_MS = 7 * 3_600_000;

const byId = (id) => document.getElementById(id);
const board = byId("board");
const rows = [...byId("calls").rows];

let day;
let lastSeq;
let calls = [];
let clockOffset = 0;
const upcoming = [];
let showing = false;

function fillRows() {
  rows.forEach((row, at) => {
    const call = calls[at];
    row.cells[0].textContent = call?.number ?? "";
    row.cells[1].textContent = call?.counter ?? "";
  });
}

function restart(element, name) {
  element.classList.remove(name);
  void element.offsetWidth; // lets the animation begin anew
  element.classList.add(name);
}

function show(call) {
  byId("number").textContent = call?.number ?? "";
  byId("counter").textContent = call?.counter ?? "";
  byId("now").toggleAttribute("data-empty", !call);
}

function announce() {
  const call = upcoming.shift();
  showing = Boolean(call);
  if (!call) return;
  show(call);
  restart(byId("now"), "flash");
  const words = board.dataset.pleaseCome;
  byId("said").textContent = words
    .replace("{number}", call.number)
    .replace("{counter}", call.counter);
  chime();
  setTimeout(announce, upcoming.length > 1 ? IN_A_RUSH_MS : AT_LEAST_MS);
}

function heardCall(call) {
  if (call.seq <= lastSeq) return;
  lastSeq = call.seq;
  calls = [call, ...calls.filter((former) => former.number !== call.number)].slice(0, rows.length);
  fillRows();
  restart(rows[0], "flash");
  upcoming.push(call);
  if (!showing) announce();
}

function heardQueue({ fields }) {
  for (const { code, waiting } of fields) {
    const line = document.querySelector(`[data-field="${CSS.escape(code)}"] .count`);
    if (line) line.textContent = waiting;
  }
}

function heardResync(all) {
  const missed = day === all.day ? all.calls.filter((call) => call.seq > lastSeq).reverse() : [];
  if (day !== all.day) {
    day = all.day;
    lastSeq = all.calls[0]?.seq ?? 0;
    calls = all.calls;
    upcoming.length = 0;
    fillRows();
    show(calls[0]);
  }
  missed.forEach(heardCall);
  heardQueue(all);
}

follow(
  {
    resync: heardResync,
    call: heardCall,
    queue: heardQueue,
    beat: ({ at }) => {
      clockOffset = Date.parse(at) - Date.now();
    },
  },
  () => {
    byId("stale").hidden = true;
    document.body.classList.remove("lost");
  },
  () => {
    byId("stale").hidden = false;
    document.body.classList.add("lost");
  },
);

setInterval(() => {
  const local = new Date(Date.now() + clockOffset + VIET_NAM_MS);
  byId("clock").textContent = local.toISOString().slice(11, 16);
}, 1_000);

// Two tones before each call. A browser that wants a touch first shows a button for it.
const audio = new AudioContext();
const soundButton = byId("sound");
const askForSound = () => {
  soundButton.hidden = audio.state === "running";
};
audio.addEventListener("statechange", askForSound);
soundButton.addEventListener("click", () => audio.resume());
askForSound();

function chime() {
  if (audio.state !== "running") return;
  [[0, 659.3], [0.45, 523.3]].forEach(([delay, hertz]) => {
    const from = audio.currentTime + delay;
    const tone = new OscillatorNode(audio, { type: "sine", frequency: hertz });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(0.5, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 1.1);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 1.2);
  });
}
