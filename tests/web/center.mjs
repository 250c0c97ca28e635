// Starts the real center program on a free port with a folder of its own.

import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const program = join(process.env.MOTCUA_BIN_DIR ?? join(here, "../../target/debug"), "center");

export const PASSWORD = "mot-cua-lien-thong";

export class Center {
  #folder = mkdtempSync(join(tmpdir(), "center-web-"));
  #child;
  #hash = execFileSync(program, ["hash-password"], { input: PASSWORD }).toString().trim();
  #address = "127.0.0.1:0";

  #killNow = () => this.#child.kill("SIGKILL");

  /// Where it listens, such as `http://127.0.0.1:40123`.
  url;

  async start() {
    const config = join(this.#folder, "center.toml");
    writeFileSync(config, this.#configuration());
    this.#child = spawn(program, ["--config", config], { stdio: ["ignore", "pipe", "inherit"] });
    // A test that dies takes its center with it.
    process.on("exit", this.#killNow);
    const lines = createInterface({ input: this.#child.stdout });
    for await (const line of lines) {
      this.url = line.match(/^listening on (http:\/\/.+)$/)?.[1];
      if (this.url) break;
    }
    if (!this.url) throw new Error("the center did not start");
    // A later start listens where boards and consoles look for it.
    this.#address = new URL(this.url).host;
    return this;
  }

  /// Ends it as a power cut would.
  async kill() {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#killNow();
    await gone;
    process.off("exit", this.#killNow);
  }

  async close() {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }

  /// Draws a number as a kiosk does.
  async draw(field) {
    return this.#post("/v1/tickets", {
      request: randomBytes(16).toString("hex"),
      kiosk: "ki-ot-1",
      field,
    });
  }

  async callForHelp(kiosk) {
    return this.#post("/v1/help", { kiosk });
  }

  async #post(path, body) {
    const answer = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  #configuration() {
    const officer = (login, counter) =>
      `[[officers]]\nlogin = "${login}"\npassword = "${this.#hash}"\ncounter = ${counter}\n`;
    return `
id = "hcc-thu"
listen = "${this.#address}"
data_dir = "${join(this.#folder, "data")}"
public_url = "${this.url ?? "http://127.0.0.1"}"
[name]
vi = "Trung tâm Phục vụ hành chính công phường Hòa Bình"
en = "Hòa Bình ward public administration service center"
[[fields]]
code = "ho-tich"
letter = "A"
name = { vi = "Hộ tịch", en = "Civil status" }
[[fields]]
code = "chung-thuc"
letter = "B"
name = { vi = "Chứng thực", en = "Certification" }
[[fields]]
code = "dat-dai"
letter = "C"
name = { vi = "Đất đai", en = "Land" }
[[counters]]
number = 1
name = { vi = "Hộ tịch – Chứng thực", en = "Civil status and certification" }
fields = ["ho-tich", "chung-thuc"]
[[counters]]
number = 2
name = { vi = "Đất đai", en = "Land" }
fields = ["dat-dai", "ho-tich"]
${officer("quay1", 1)}
${officer("quay2", 2)}
`;
  }
}
