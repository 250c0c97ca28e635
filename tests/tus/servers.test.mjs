// The kiosk's uploader delivers to a foreign tus server.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

import { bin } from "./province.mjs";

const folder = mkdtempSync(join(tmpdir(), "tus-server-"));
const stored = join(folder, "stored");
const deliver = join(bin, "examples/deliver");
const patches = [];
/// Ends so many PATCH requests before they are read.
let cut = 0;

const tus = new Server({
  path: "/v1/uploads",
  datastore: new FileStore({ directory: stored }),
  respectForwardedHeaders: false,
});
const { createServer } = await import("node:http");
const server = createServer((request, response) => {
  if (request.method === "PATCH") {
    patches.push(request.headers["upload-offset"]);
    if (cut > 0) {
      cut -= 1;
      request.socket.destroy();
      return;
    }
  }
  tus.handle(request, response);
});

before(() => new Promise((resolve) => server.listen(0, "127.0.0.1", resolve)));
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function run(file, ...more) {
  assert.ok(existsSync(deliver), "cargo build -p intake --example deliver");
  const endpoint = `http://127.0.0.1:${server.address().port}/v1/uploads`;
  const submission = randomBytes(16).toString("hex");
  const words = [file, endpoint, submission, "kiosk-1", "--no-receipt", ...more];
  return promisify(execFile)(deliver, words);
}

test("the kiosk's uploader delivers a file in pieces to @tus/server", async () => {
  const file = join(folder, "whole.age");
  writeFileSync(file, randomBytes(10_000_000));
  patches.length = 0;
  const { stderr } = await run(file);
  const id = stderr.trim().split("/").at(-1);
  assert.deepEqual(readFileSync(join(stored, id)), readFileSync(file));
  assert.deepEqual(patches, ["0", "4194304", "8388608"]);
  const { metadata } = JSON.parse(readFileSync(join(stored, `${id}.json`)));
  assert.equal(metadata.kiosk, "kiosk-1");
});

test("the kiosk's uploader goes on where a broken line stopped it", async () => {
  const file = join(folder, "broken.age");
  writeFileSync(file, randomBytes(6_000_000));
  patches.length = 0;
  cut = 1;
  const failed = await run(file).then(() => null, (error) => error);
  assert.ok(failed, "the first run met a broken line");
  const url = failed.stderr.split("\n")[0];
  await run(file, url);
  const id = url.split("/").at(-1);
  assert.deepEqual(readFileSync(join(stored, id)), readFileSync(file));
  assert.equal(readdirSync(stored).filter((name) => name === id).length, 1);
});
