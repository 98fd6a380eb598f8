import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expectBody, receiveBody } from "./body.ts";
import { readClaim } from "./claim.ts";
import { readRequest } from "./request.ts";
import { verifyClaim } from "./sigv4.ts";
import type { Random } from "./testing-signature-random.ts";
import type { SignedRequest } from "./testing-signature-signer.ts";
import { writeRequest } from "./testing-signature-writer.ts";
import { key, REGION } from "./testing-sigv4.ts";

/** A listener that does with a request what the store does until it knows whether to believe it. */
export interface Verifier {
  /** Writes a request down in one of the forms that mean the same, sends it, and answers what came of it. */
  ask(request: SignedRequest, random: Random): Promise<{ verdict: string; understood: unknown }>;
  stop(): void;
}

/** Starts it on a free port. Node reads the requests, as it does for the store. */
export async function startVerifier(): Promise<Verifier> {
  let now = 0;
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (incoming, response) => {
    void judge(incoming, now).then((answer) => {
      // In a header, since HEAD has no body; and the connection ends with what was not read of a request.
      const text = Buffer.from(JSON.stringify(answer)).toString("base64");
      response.writeHead(200, { "x-answer": text, connection: "close" }).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    async ask(request, random) {
      now = request.now;
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let received = "";
      socket.setEncoding("latin1").on("data", (data: string) => {
        received += data;
      });
      // What is sent after an early answer may meet a closed connection.
      socket.on("error", () => {});
      for (const packet of writeRequest(request, random)) socket.write(packet);
      await once(socket, "close");
      const answer = /x-answer: (\S+)/.exec(received)?.[1];
      if (answer === undefined) return { verdict: `no answer: ${received}`, understood: null };
      return JSON.parse(Buffer.from(answer, "base64").toString());
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function judge(incoming: IncomingMessage, now: number) {
  try {
    const request = readRequest(incoming, "id");
    const claim = readClaim(request, REGION, now);
    if (claim === null) return { verdict: "anonymous" };
    if (claim.accessKeyId !== key.accessKeyId) return { verdict: "InvalidAccessKeyId" };
    const { payloadHash, chunkSigning } = verifyClaim(request, claim, key.secretAccessKey);
    const digest = createHash("sha256");
    await receiveBody(
      incoming,
      expectBody(request, payloadHash, chunkSigning),
      (piece) => void digest.update(piece),
      () => {},
    );
    const parameters = request.parameters.filter(([name]) => !/^x-amz-/i.test(name));
    const understood = {
      method: request.method,
      key: request.key,
      parameters: parameters.map(([name, value]) => `${name}=${value}`).sort(),
      bodySha256: digest.digest("hex"),
    };
    return { verdict: "accepted", understood };
  } catch (error) {
    return { verdict: (error as { code?: string }).code ?? String(error) };
  }
}
