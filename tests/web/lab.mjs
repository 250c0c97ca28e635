// Starts the real lab program: the whole hall with a kiosk that nobody sees, on free ports.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const project = join(dirname(fileURLToPath(import.meta.url)), "../..");
const program = join(process.env.MOTCUA_BIN_DIR ?? join(project, "target/debug"), "lab");

export class Lab {
  #folder = mkdtempSync(join(tmpdir(), "lab-web-"));
  #child;
  #killNow = () => this.#child.kill("SIGKILL");

  /// Where the bench panel listens, such as `http://127.0.0.1:40123`.
  panel;

  async start() {
    const token = join(this.#folder, "token");
    execFileSync(join(project, "hardware/signing-token/tests/make-token.sh"), [token]);
    const words = ["serve", "--port", "0", "--data", this.#folder];
    this.#child = spawn(program, [...words, "--config", join(project, "config")], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        SOFTHSM2_CONF: join(token, "softhsm2.conf"),
        SANE_CONFIG_DIR: join(this.#folder, "sane"),
        PCSCLITE_CSOCK_NAME: join(this.#folder, "pcscd/pcscd.comm"),
      },
    });
    // A test that dies takes its lab with it.
    process.on("exit", this.#killNow);
    for await (const line of createInterface({ input: this.#child.stdout })) {
      this.panel = line.match(/^bench panel +(http:\/\/.+)\/$/)?.[1];
      if (this.panel) break;
    }
    if (!this.panel) throw new Error("the lab did not start");
    return this;
  }

  /// What the bench says of its devices.
  async state() {
    return (await fetch(`${this.panel}/state`)).json();
  }

  /// Ends it as Ctrl-C would; answers how it ended.
  async close() {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGINT");
    const code = await gone;
    process.off("exit", this.#killNow);
    rmSync(this.#folder, { recursive: true });
    return code;
  }
}
