// The peer scripts/bench measures the intake against: @tus/server with its file store and nothing
// else, on a free port of this machine, which it prints once it listens. Usage: node peer.mjs FOLDER
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const server = new Server({ path: "/files", datastore: new FileStore({ directory: process.argv[2] }) });
const listening = server.listen({ host: "127.0.0.1", port: 0 }, () => console.log(listening.address().port));
