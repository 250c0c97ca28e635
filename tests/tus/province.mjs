// Starts the real province program on a free port with a folder of its own, and seals packages
// for it with the stock `age` and `tar`, so that nothing of motcua is judged by itself.

import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const bin = process.env.MOTCUA_BIN_DIR ?? join(root, "target/debug");
const program = join(bin, "province");

export const PASSWORD = "mot-cua-lien-thong";
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

export class Province {
  folder = mkdtempSync(join(tmpdir(), "province-"));
  #keys = join(this.folder, "keys");
  #recipient;
  #child;

  /// Where it listens, such as `http://127.0.0.1:40123`.
  url;

  constructor() {
    const keys = execFileSync(program, ["keygen", this.#keys]).toString();
    this.#recipient = keys.match(/^sealing = "(.+)"$/m)[1];
    const hash = execFileSync(program, ["hash-password"], { input: PASSWORD }).toString().trim();
    writeFileSync(
      join(this.folder, "province.toml"),
      `agency = "H40.16"
name = { vi = "Tỉnh Ninh Bình", en = "Ninh Binh Province" }
listen = "127.0.0.1:0"
reached_by = "http"
data_dir = "data"
catalogue_dir = ${JSON.stringify(join(root, "config/catalogue"))}
keys = { opening = "keys/opening.key", receipt = "keys/receipt.pem" }
[[officers]]
account = "lan"
name = "Trần Thị Lan"
password = "${hash}"
`,
    );
  }

  async start() {
    const config = join(this.folder, "province.toml");
    const arguments_ = ["serve", "--log", "error", "--config", config];
    this.#child = spawn(program, arguments_, { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: this.#child.stdout })) {
      this.url = line.match(/^listening on (http:\/\/.+)$/)?.[1];
      if (this.url) return this;
    }
    throw new Error("the province did not start");
  }

  /// Ends it as a power cut would, and removes everything.
  async close() {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await gone;
    rmSync(this.folder, { recursive: true });
  }

  /// A sealed package with papers of about `bytes` bytes.
  seal(bytes) {
    const submission = randomBytes(16).toString("hex");
    const folder = join(this.folder, submission);
    mkdirSync(folder);
    const papers = ["to-khai", "giay-chung-sinh"];
    const documents = papers.map((paper) => {
      const pdf = makePdf(bytes / papers.length);
      writeFileSync(join(folder, `${paper}.pdf`), pdf);
      const name = `${paper}.pdf`;
      return { name, paper, pages: 1, sha256: sha256(pdf), bytes: pdf.length, signed: false };
    });
    writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest(submission, documents)));
    const file = join(this.folder, `${submission}.age`);
    const names = ["manifest.json", ...documents.map((document) => document.name)];
    const tar = execFileSync("tar", ["-c", "-C", folder, ...names], { maxBuffer: 1 << 28 });
    execFileSync("age", ["-r", this.#recipient, "-o", file], { input: tar });
    const metadata = { submission, kiosk: "kiosk-1", sha256: sha256(readFileSync(file)) };
    return { file, submission, metadata, documents };
  }

  /// Waits for the receipt of a submission and returns what it says.
  async receipt(submission) {
    for (;;) {
      const answer = await fetch(`${this.url}/v1/submissions/${submission}/receipt`);
      if (answer.status === 202) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      const { payload } = await answer.json();
      return JSON.parse(Buffer.from(payload, "base64").toString());
    }
  }
}

function manifest(submission, documents) {
  return {
    format: 1,
    submission,
    kiosk: "kiosk-1",
    submitted_at: "2026-11-21T02:00:00Z",
    procedure: { code: "1.001193", valid_from: "2025-07-01", edition: 1 },
    applicant: {
      personal_number: "037199000001",
      name: "Nguyễn Thị Ánh",
      birth_date: "1999-05-17",
      sex: "female",
      residence: "Thôn Đông, xã Gia Viễn, tỉnh Ninh Bình",
      issue_date: "2024-08-01",
      evidence: "code",
    },
    language: "vi",
    answers: [{ question: "name", value: "Nguyễn Thị Ánh" }],
    documents,
    slip_secret_sha256: sha256("slip-secret"),
  };
}

/// One empty A4 page, padded with random comments.
function makePdf(bytes) {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, at) => {
    const offset = text.length;
    text += `${at + 1} 0 obj${object}endobj\n`;
    return String(offset).padStart(10, "0");
  });
  const padding = randomBytes(Math.max(1, Math.floor(bytes / 2))).toString("hex");
  text += padding.replace(/.{1,60}/g, "% $&\n");
  const table = offsets.map((offset) => `${offset} 00000 n \n`).join("");
  const xref = text.length;
  text += `xref\n0 4\n0000000000 65535 f \n${table}trailer<</Size 4/Root 1 0 R>>\n`;
  return Buffer.from(`${text}startxref\n${xref}\n%%EOF\n`);
}
