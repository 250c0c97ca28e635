// An officer of the province in a real browser: log in, read a dossier, accept, refuse, finish.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { PASSWORD, Province, sha256 } from "../tus/province.mjs";
import { openBrowser, openPage } from "./browser.mjs";

const province = new Province();
let browser;

before(async () => {
  await province.start();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await province.close();
});

/// Hands a dossier in with nothing but fetch; returns its code.
async function handIn() {
  const sealed = province.seal(60_000);
  const body = readFileSync(sealed.file);
  const metadata = Object.entries(sealed.metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`)
    .join(",");
  const answer = await fetch(`${province.url}/v1/uploads`, {
    method: "POST",
    headers: {
      "Tus-Resumable": "1.0.0",
      "Upload-Length": String(body.length),
      "Upload-Metadata": metadata,
      "Content-Type": "application/offset+octet-stream",
    },
    body,
  });
  assert.equal(answer.status, 201);
  const receipt = await province.receipt(sealed.submission);
  return { code: receipt.dossier, sealed };
}

async function logIn(options = {}) {
  const page = await openPage(browser, `${province.url}/`, options);
  await page.fill("[name=account]", "lan");
  await page.fill("[name=password]", PASSWORD);
  await page.click("button.main");
  await page.waitForURL("**/dossiers");
  return page;
}

/// Presses the button that leads to a status.
const press = (page, status) => page.click(`form:has([name=to][value="${status}"]) button`);
const status = (page) => page.textContent(".title .badge");

test("a wrong password is told and a right one opens the list", async () => {
  const page = await openPage(browser, `${province.url}/`);
  await page.fill("[name=account]", "lan");
  await page.fill("[name=password]", "not-the-password");
  await page.click("button.main");
  assert.match(await page.textContent("[role=alert]"), /không đúng/);
  await page.fill("[name=account]", "lan");
  await page.fill("[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/dossiers");
  assert.equal(await page.textContent("h1"), "Hồ sơ");
  assert.deepEqual(page.complaints, []);
});

test("an officer reads a dossier, opens its papers and takes it to its result", async () => {
  const { code, sealed } = await handIn();
  const page = await logIn();
  await page.fill("[name=code]", code);
  await page.keyboard.press("Enter");
  await page.click(`a:text-is("${code}")`);
  assert.equal(await status(page), "Mới đăng ký");
  assert.equal(await page.textContent(".lead"), "Thủ tục đăng ký khai sinh · 1.001193");
  assert.match(await page.textContent("dd.number"), /037\*{6}001/);

  await page.click("dd.number button");
  await page.waitForURL("**/personal-number");
  assert.equal((await page.textContent("dd.number")).trim(), "037199000001");
  await page.goto(`${province.url}/dossiers/${code}`);

  for (const [at, document] of sealed.documents.entries()) {
    const link = page.locator(".documents a").nth(at);
    const answer = await page.request.get(province.url + (await link.getAttribute("href")));
    assert.equal(answer.headers()["content-type"], "application/pdf");
    assert.match(answer.headers()["content-disposition"], /^inline/);
    assert.equal(sha256(await answer.body()), document.sha256);
  }

  for (const [to, name] of [
    [2, "Được tiếp nhận"],
    [4, "Đang xử lý"],
    [9, "Đã xử lý xong"],
    [10, "Đã trả kết quả"],
  ]) {
    await press(page, to);
    await page.waitForFunction((name) => document.querySelector(".title .badge")?.textContent === name, name);
  }
  assert.equal(await page.locator(".history li").count(), 5);
  assert.match(await page.textContent(".history li:first-child"), /Trần Thị Lan/);
  assert.equal(await page.locator("form:has([name=to])").count(), 0);
  assert.deepEqual(page.complaints, []);
});

test("refusing needs a reason, which the history then shows", async () => {
  const { code } = await handIn();
  const page = await logIn();
  await page.goto(`${province.url}/dossiers/${code}`);
  await page.click("summary");
  await press(page, 3);
  assert.equal(await status(page), "Mới đăng ký", "the browser asks for the reason first");
  await page.fill("textarea", "Thiếu bản chính <giấy chứng sinh>");
  await press(page, 3);
  await page.waitForSelector(".title .badge.bad");
  assert.equal(await status(page), "Không được tiếp nhận");
  assert.match(await page.textContent(".history li:first-child p"), /<giấy chứng sinh>$/);
  assert.deepEqual(page.complaints, []);
});

test("what somebody else has just handled is not handled twice", async () => {
  const { code } = await handIn();
  const [first, second] = [await logIn(), await logIn()];
  for (const page of [first, second]) await page.goto(`${province.url}/dossiers/${code}`);
  await press(first, 2);
  await first.waitForSelector(".title .badge.going");
  await press(second, 2);
  await second.waitForSelector("[role=alert]");
  assert.match(await second.textContent("[role=alert]"), /người khác/);
  assert.equal(await second.locator(".history li").count(), 2);
});

test("on a phone nothing is cut off, in either language", async () => {
  const { code } = await handIn();
  const page = await logIn({ viewport: { width: 360, height: 740 }, hasTouch: true });
  for (const language of ["vi", "en"]) {
    for (const path of ["/dossiers", `/dossiers/${code}`]) {
      await page.goto(`${province.url}${path}?lang=${language}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wider <= 0, `${path} is ${wider} px too wide`);
      assert.equal(await page.getAttribute("html", "lang"), language);
    }
  }
  assert.equal(await page.textContent("h2"), "Applicant");
  assert.deepEqual(page.complaints, []);
});

test("logging out ends the session for good", async () => {
  const page = await logIn();
  const cookies = await page.context().cookies();
  await page.click('form[action="/log-out"] button');
  await page.waitForURL("**/log-in");
  await page.context().addCookies(cookies);
  await page.goto(`${province.url}/dossiers`);
  assert.match(page.url(), /\/log-in$/);
});
