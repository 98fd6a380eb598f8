import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** Stands between the console and the gateway, passes everything on, and sees what is asked. */
export interface Tap {
  endpoint: string;
  /** Calls back with the first line of each request (`PUT /admin/user?… HTTP/1.1`), before it is passed on. */
  watch(listener: (line: string) => void): void;
  stop(): void;
}

/**
 * @param target address of the gateway. Requests stay signed for the tap's address, which is what their Host says.
 */
export async function startTap(target: string): Promise<Tap> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let listener: (line: string) => void = () => {};
  const server = createServer((client) => {
    const gateway = connect({ host: hostname, port: Number(port) });
    for (const [socket, other] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      sockets.add(socket);
      // Whatever ends one side ends the other: a gateway that is gone must not look like one that hangs.
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        other.destroy();
        sockets.delete(socket);
      });
    }
    client.on("data", (chunk) => {
      const [line] = /^[A-Z]+ \S+ HTTP\/1\.1/.exec(chunk.toString("latin1")) ?? [];
      if (line) listener(line);
      gateway.write(chunk);
    });
    gateway.pipe(client);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    watch: (next) => {
      listener = next;
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
