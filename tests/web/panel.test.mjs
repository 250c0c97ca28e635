// The lab's bench panel in a real browser: every control is pressed, and what it does is seen on
// the page and told by /state.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { openBrowser, openPage } from "./browser.mjs";
import { Lab } from "./lab.mjs";

let browser;
let lab;
let page;
/// Every button that a test has pressed, to the end.
const pressed = new Set();

before(async () => {
  [browser, lab] = await Promise.all([openBrowser(), new Lab().start()]);
  page = await openPage(browser, lab.panel, { viewport: { width: 1600, height: 1000 } });
});

beforeEach(() => assert.deepEqual(page.complaints, []));

after(async () => {
  await browser?.close();
  assert.equal(await lab?.close(), 130);
});

function device(name) {
  return page.getByRole("region", { name, exact: true });
}

/// Presses a control of a device and waits for the panel's answer.
async function press(name, words, exact = true) {
  const button = device(name).getByRole("button", { name: words, exact });
  pressed.add(`${name}: ${await button.textContent()}`);
  const path = await button.getAttribute("data-path");
  const [answer] = await Promise.all([
    page.waitForResponse((it) => it.url() === lab.panel + path),
    button.click(),
  ]);
  assert.equal(answer.status(), 204, `${name}: ${words}`);
}

/// Waits until /state says so.
async function says(key, value) {
  const end = Date.now() + 20_000;
  let now;
  do {
    now = await lab.state();
    if (now[key] === value) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < end);
  assert.equal(now[key], value, key);
}

/// Whether a control is shown pressed.
async function shown(name, words) {
  const button = device(name).getByRole("button", { name: words, exact: true, pressed: true });
  await button.waitFor();
}

const FAULTS = {
  Printer: {
    key: "printer",
    ways: "paper low, paper out, cover open, jammed, cutter stuck, head hot, silent, stalled, garbled, unplugged",
  },
  Scanner: {
    key: "scanner",
    ways: "jammed, empty, cover open, busy, truncated, silent, unplugged",
  },
  "Code gun": { key: "gun", ways: "unplugged, no suffix, garbled, pulled inside" },
  Camera: { key: "camera", ways: "unplugged, truncated" },
};

for (const [name, { key, ways }] of Object.entries(FAULTS)) {
  test(`${name}: every fault is made and mended`, async () => {
    await shown(name, "works");
    for (const words of ways.split(", ")) {
      await press(name, words);
      const fault = words.replace(/(^| )(.)/g, (_all, _space, letter) => letter.toUpperCase());
      await says(key, fault);
      await shown(name, words);
    }
    await press(name, "works");
    await says(key, null);
    await shown(name, "works");
  });
}

test("sheets are laid into the scanner's feeder and taken out", async () => {
  let sheets = 0;
  for (const count of [1, 3, 10]) {
    await press("Scanner", count === 1 ? "1 sheet" : `${count} sheets`);
    sheets += count;
    await says("papers_in_feeder", sheets);
  }
  await press("Scanner", "empty it");
  await says("papers_in_feeder", 0);
  await shown("Scanner", "empty it");
});

test("codes are held to the gun and before the camera", async () => {
  const codes = ["Căn cước: Nguyễn Văn An", "Căn cước 2024: Y Blắc Niê", "VietQR", "Unreadable"];
  for (const code of codes) {
    await press("Code gun", code);
    await press("Camera", code);
    await says("code_before_camera", true);
    await press("Camera", "nothing");
    await says("code_before_camera", false);
  }
});

test("an ID card is laid on its reader, which is unplugged", async () => {
  await press("ID card", "lay it on the reader");
  await says("card_lying", true);
  await shown("ID card", "lay it on the reader");
  await press("ID card", "take it away");
  await says("card_lying", false);
  for (const way of ["slow card", "take it away while", "falls silent", "altered", "refuses"]) {
    await press("ID card", new RegExp(`^lay .*${way}`), false);
    await says("card_lying", true);
    await press("ID card", "take it away");
    await says("card_lying", false);
  }
  await press("ID card", "unplug the reader");
  await says("card_reader_plugged_in", false);
  await shown("ID card", "unplug the reader");
  await press("ID card", "plug the reader in");
  await says("card_reader_plugged_in", true);
});

test("the token is inserted and pulled", async () => {
  await press("Signing token", "insert");
  await says("token_inserted", true);
  await shown("Signing token", "insert");
  await press("Signing token", "pull");
  await says("token_inserted", false);
});

test("what holds is seen by its colour too", async () => {
  const colour = (words) =>
    device("Signing token")
      .getByRole("button", { name: words, exact: true })
      .evaluate((button) => getComputedStyle(button).backgroundColor);
  await shown("Signing token", "pull");
  assert.notEqual(await colour("pull"), await colour("insert"));
});

for (const far of ["center", "province"]) {
  test(`the cable to the ${far} is cut and joined`, async () => {
    await press(`Cable to the ${far}`, "cut");
    await says(`${far}_connected`, false);
    await shown(`Cable to the ${far}`, "cut");
    await press(`Cable to the ${far}`, "join");
    await says(`${far}_connected`, true);
  });
}

test("what is refused is said", async () => {
  const gun = device("Code gun").getByRole("button", { name: "VietQR", exact: true });
  const body = await gun.getAttribute("data-body");
  await gun.evaluate((button) => (button.dataset.body = '{"device":"scanner","code":"x"}'));
  await gun.click();
  await page.getByRole("status").filter({ hasText: "VietQR: refused (422)" }).waitFor();
  await gun.evaluate((button, whole) => (button.dataset.body = whole), body);
});

test("console, board and province are a click away", async () => {
  for (const name of ["officers' console", "display board", "province"]) {
    const address = await page.getByRole("link", { name, exact: true }).getAttribute("href");
    assert.equal((await fetch(address)).status, 200, name);
  }
});

test("every control of the page has a name of its own and was pressed", async () => {
  const names = await page.getByRole("button").evaluateAll((buttons) =>
    buttons.map((it) => `${it.closest("section").ariaLabel}: ${it.textContent}`),
  );
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual([...pressed].sort(), names.sort());
});

test("a small window shows all of it without scrolling sideways", async () => {
  await page.setViewportSize({ width: 420, height: 800 });
  const [inside, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.equal(inside, window);
});
