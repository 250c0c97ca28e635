// The line to the center: server-sent events that heal by themselves.
//
// A browser reconnects when the line breaks, but not when it is silently dead (a switch lost
// power, a laptop slept): the center sends a beat every few seconds, and without one the line is
// opened anew.

const SILENCE_MS = 12_000;
const AGAIN_MS = 1_000;

/// Calls `heard[event](data)` for each event, `up()` when the line stands, `down()` when lost.
export function follow(heard, up, down) {
  let source;
  let silence;

  const alive = () => {
    clearTimeout(silence);
    silence = setTimeout(reopen, SILENCE_MS);
  };
  const reopen = () => {
    clearTimeout(silence);
    source.close();
    down();
    silence = setTimeout(open, AGAIN_MS);
  };
  const open = () => {
    source = new EventSource("/v1/events");
    source.onerror = reopen;
    for (const name of ["resync", "call", "queue", "help", "beat"]) {
      source.addEventListener(name, (event) => {
        alive();
        if (name === "resync") up();
        heard[name]?.(JSON.parse(event.data));
      });
    }
    alive();
  };
  open();
}
