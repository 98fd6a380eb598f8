// Loaded into every process that the launcher starts (node --import): ends the process cleanly when the
// launcher is gone, even by kill -9, so that none is left behind holding a port. Standard input is a pipe
// whose other end only the launcher holds, so it ends with the launcher.
import type { Socket } from "node:net";

const stdin = process.stdin as unknown as Socket;
stdin.once("end", () => {
  setTimeout(() => process.kill(0, "SIGKILL"), 10_000).unref();
  process.kill(0, "SIGTERM"); // 0 is our process group, `node --watch` above us included
});
stdin.resume();
stdin.unref(); // waiting for this is no reason to stay alive
