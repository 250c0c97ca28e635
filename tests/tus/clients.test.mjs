// Foreign tus clients upload to the province, stop half-way, and go on.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import * as tus from "tus-js-client";

import { Province } from "./province.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const python = [
  process.env.MOTCUA_PYTHON,
  "/opt/motcua-venv/bin/python",
  join(here, "../../.venv/bin/python"),
].find((path) => path && existsSync(path));

const province = new Province();
before(() => province.start());
after(() => province.close());

/// Uploads with tus-js-client; `stopAt` ends it there and returns the URL.
function upload(sealed, options, stopAt = Infinity) {
  return new Promise((resolve, reject) => {
    const stream = createReadStream(sealed.file);
    const client = new tus.Upload(stream, {
      endpoint: `${province.url}/v1/uploads`,
      chunkSize: 300_000,
      uploadSize: statSync(sealed.file).size,
      metadata: sealed.metadata,
      retryDelays: null,
      ...options,
      onChunkComplete: (_, accepted) => {
        if (accepted < stopAt) return;
        client.abort();
        resolve(client.url);
      },
      onError: reject,
      onSuccess: () => resolve(client.url),
    });
    client.start();
  });
}

function assertHeld(sealed, receipt) {
  assert.equal(receipt.package_sha256, sealed.metadata.sha256);
  assert.equal(receipt.package_bytes, statSync(sealed.file).size);
  const digests = sealed.documents.map(({ name, sha256 }) => ({ name, sha256 }));
  assert.deepEqual(receipt.documents, digests);
  assert.match(receipt.dossier, /^H40\.16-\d{8}-\d{7}$/);
}

test("tus-js-client uploads in pieces, stops and goes on", async () => {
  const sealed = province.seal(1_500_000);
  const url = await upload(sealed, {}, 600_000);
  const half = await fetch(url, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
  const offset = Number(half.headers.get("upload-offset"));
  assert.ok(offset >= 600_000 && offset < statSync(sealed.file).size, `offset ${offset}`);
  await upload(sealed, { uploadUrl: url });
  assertHeld(sealed, await province.receipt(sealed.submission));
});

test("tus-js-client uploads its first piece with the announcement", async () => {
  const sealed = province.seal(700_000);
  await upload(sealed, { uploadDataDuringCreation: true });
  assertHeld(sealed, await province.receipt(sealed.submission));
});

test("tus-js-client uploads with POST instead of PATCH", async () => {
  const sealed = province.seal(100_000);
  await upload(sealed, { overridePatchMethod: true });
  assertHeld(sealed, await province.receipt(sealed.submission));
});

test("tus-js-client terminates an upload", async () => {
  const sealed = province.seal(900_000);
  const url = await upload(sealed, {}, 300_000);
  await tus.Upload.terminate(url);
  const gone = await fetch(url, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
  assert.equal(gone.status, 404);
});

test("tuspy uploads with SHA-1 checksums, stops and goes on as another process", async () => {
  assert.ok(python, "a Python with tuspy, as scripts/setup installs it");
  const sealed = province.seal(1_500_000);
  const run = (...more) =>
    execFileSync(python, [
      join(here, "tuspy_upload.py"),
      `${province.url}/v1/uploads`,
      sealed.file,
      JSON.stringify(sealed.metadata),
      ...more,
    ]).toString().trim();
  const [url, offset] = run("600000").split(" ");
  assert.equal(Number(offset), 600_000);
  const [, end] = run("all", url).split(" ");
  assert.equal(Number(end), statSync(sealed.file).size);
  assertHeld(sealed, await province.receipt(sealed.submission));
});
