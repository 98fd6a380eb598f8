// Against real servers on loopback: one that speaks TLS with a certificate of its own making, one that is no S3, a
// closed port, one that says nothing.
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { generate } from "selfsigned";
import { afterAll, describe, expect, test } from "vitest";
import { distanceOf } from "#app/ports/connection-probe/reach.ts";
import type { TestResult } from "./results.ts";
import { testWay } from "./test-way.ts";

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function findings(endpoint: string): Promise<string[]> {
  return (await results(endpoint)).map(({ finding }) => finding);
}

async function results(endpoint: string): Promise<TestResult[]> {
  const found: TestResult[] = [];
  for await (const result of testWay(endpoint, 1_000)) found.push(result);
  return found;
}

/** Answers every request with this. */
const answering = (status: number, headers: Record<string, string>, body: string) =>
  listen(
    createHttpServer((_, response) => {
      response.writeHead(status, headers).end(body);
    }),
  );

const denied = `<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>`;

/** A certificate for `localhost` that signed itself, valid between two days. */
async function certificate(from: string, until: string) {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    notBeforeDate: new Date(from),
    notAfterDate: new Date(until),
    keyType: "ec",
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  return { key, cert };
}

describe("the name", () => {
  test("that has no address is said to have none, and nothing else is tried", async () => {
    expect(await results("https://s3.balde.invalid")).toEqual([
      { step: "name", finding: "name.unknown", outcome: "failed", params: { host: "s3.balde.invalid" } },
    ]);
  });

  test("may be an address, of version 6 as well", async () => {
    expect((await results("http://[::1]:9"))[0]).toMatchObject({
      finding: "name.literal",
      params: { host: "::1", addresses: "::1" },
    });
  });

  test("is looked up in this machine's own table too", async () => {
    expect((await results("http://localhost:9"))[0]).toMatchObject({ finding: "name.found" });
  });
});

describe("the connection", () => {
  test("to a closed port is refused", async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    servers.splice(servers.indexOf(server), 1);
    expect(await findings(`http://127.0.0.1:${port}`)).toEqual(["name.literal", "connection.refused"]);
  });
});

describe("TLS", () => {
  const over = async (certificates: { key: string; cert: string }) => {
    const port = await listen(createTlsServer(certificates));
    const found = await results(`https://localhost:${port}`);
    expect(found.slice(0, 2).map(({ outcome }) => outcome)).toEqual(["passed", "passed"]);
    return found.slice(2);
  };

  test("with a certificate that signed itself ends there, with what to do", async () => {
    const [tls, ...rest] = await over(await certificate("2020-01-01", "2099-01-01"));
    expect(tls).toMatchObject({
      finding: "tls.selfSigned",
      outcome: "failed",
      params: { until: "2099-01-01" },
    });
    expect(rest).toEqual([]);
  });

  test("with one that has ended says when", async () => {
    const [tls] = await over(await certificate("2020-01-01", "2021-01-02"));
    expect(tls).toMatchObject({ finding: "tls.expired", params: { until: "2021-01-02" } });
  });

  test("with one that has not begun says when it does", async () => {
    const [tls] = await over(await certificate("2090-01-01", "2099-01-01"));
    expect(tls).toMatchObject({ finding: "tls.notYetValid", params: { from: "2090-01-01" } });
  });

  describe("with one that this machine trusts", () => {
    const trusted = getCACertificates("default");
    afterAll(() => setDefaultCACertificates(trusted));

    /** An S3 server, as far as one can tell, with a certificate until so many days from now. */
    const trustedServer = async (days: number) => {
      const until = new Date(Date.now() + days * 86_400_000).toISOString();
      const made = await certificate("2020-01-01", until);
      setDefaultCACertificates([...trusted, made.cert]);
      return listen(createHttpsServer(made, (_, response) => response.writeHead(403).end(denied)));
    };

    test("goes on to the engine", async () => {
      const port = await trustedServer(365);
      expect((await findings(`https://localhost:${port}`)).slice(2)).toEqual(["tls.valid", "engine.answers"]);
    });

    test("but for another name ends there", async () => {
      const port = await trustedServer(365);
      expect((await findings(`https://127.0.0.1:${port}`)).slice(2)).toEqual(["tls.wrongName"]);
    });

    test("but for a few days more goes on, with a warning", async () => {
      const port = await trustedServer(5);
      const found = await results(`https://localhost:${port}`);
      expect(found[2]).toMatchObject({ finding: "tls.expiresSoon", outcome: "warning" });
      expect(found[3]).toMatchObject({ finding: "engine.answers" });
    });
  });

  test("is missing where plain HTTP answers", async () => {
    const port = await answering(403, {}, denied);
    expect((await findings(`https://127.0.0.1:${port}`)).at(-1)).toBe("tls.notTls");
  });

  test("that never begins is given up", async () => {
    const port = await listen(createServer());
    expect((await findings(`https://127.0.0.1:${port}`)).at(-1)).toBe("tls.timedOut");
  });

  test("plain HTTP is judged by how far it travels", () => {
    expect(distanceOf(["127.0.0.1", "::1"])).toBe("loopback");
    expect(distanceOf(["127.0.0.1", "192.168.1.2"])).toBe("private");
    expect(distanceOf(["10.1.2.3", "fd00::1"])).toBe("private");
    expect(distanceOf(["::ffff:10.1.2.3"])).toBe("private");
    expect(distanceOf(["172.32.0.1"])).toBe("public");
    expect(distanceOf(["10.0.0.1", "200.147.3.157"])).toBe("public");
  });
});

describe("the engine", () => {
  const last = async (status: number, headers: Record<string, string>, body: string) => {
    const port = await answering(status, headers, body);
    return (await results(`http://127.0.0.1:${port}`)).at(-1);
  };

  test("is known by the shape of its answers, whatever their status", async () => {
    expect(await last(403, {}, denied)).toMatchObject({ finding: "engine.answers" });
    expect(await last(200, {}, "<ListAllMyBucketsResult/>")).toMatchObject({ finding: "engine.answers" });
    expect(await last(400, { "x-amz-request-id": "tx1" }, "")).toMatchObject({ finding: "engine.answers" });
  });

  test("is not what answers with a page of its own, or leads elsewhere", async () => {
    expect(await last(200, { "Content-Type": "text/html" }, "<h1>It works!</h1>")).toMatchObject({
      finding: "engine.notS3",
      params: { status: 200 },
    });
    expect(await last(302, { Location: "http://169.254.169.254/" }, "")).toMatchObject({
      finding: "engine.notS3",
      params: { status: 302 },
    });
  });

  test("may be unwell, or say nothing at all", async () => {
    expect(await last(503, {}, "")).toMatchObject({ finding: "engine.unwell", params: { status: 503 } });
    const port = await listen(createHttpServer(() => {}));
    expect((await findings(`http://127.0.0.1:${port}`)).at(-1)).toBe("engine.silent");
  });

  test.each([
    [600, "engine.clockDrifts"],
    [-600, "engine.clockDrifts"],
    [1_200, "engine.clockOff"],
    [-86_400, "engine.clockOff"],
  ])("whose clock is %i s off", async (seconds, finding) => {
    const date = new Date(Date.now() + seconds * 1_000).toUTCString();
    const found = await last(403, { Date: date }, denied);
    expect(found).toMatchObject({ finding });
    expect(Math.abs(Number(found?.params.seconds) - Math.abs(seconds))).toBeLessThan(3);
  });

  test("is not read to the end of what it has to say", async () => {
    const port = await listen(
      createHttpServer((_, response) => {
        const more = () => void response.write("x".repeat(65_536));
        response.on("drain", more).on("error", () => {});
        more();
      }),
    );
    expect((await findings(`http://127.0.0.1:${port}`)).at(-1)).toBe("engine.notS3");
  });
});
