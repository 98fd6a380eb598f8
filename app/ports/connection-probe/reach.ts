import { lookup } from "node:dns/promises";
import { BlockList, connect, isIP } from "node:net";
import {
  type ConnectionOptions,
  connect as connectTls,
  type PeerCertificate,
  type TLSSocket,
} from "node:tls";

// The way to an address, one step at a time, as far as a client could tell. Callers name the installation's own endpoint
// and nothing that a person typed (ASVS 1.3.6).

/** The host and port that an endpoint's requests go to; an IPv6 address without its brackets. */
export function placeOf(endpoint: string): { host: string; port: number; isTls: boolean } {
  const { protocol, hostname, port } = new URL(endpoint);
  const isTls = protocol === "https:";
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || (isTls ? 443 : 80), isTls };
}

export type Resolution =
  | { kind: "literal" | "found"; addresses: string[] }
  /** There is no such name, or no answer to the question. */
  | { kind: "unknown" | "silent" };

/** The addresses of a host, as this machine's resolver has them, `/etc/hosts` included. */
export async function resolveHost(host: string, deadlineMs: number): Promise<Resolution> {
  if (isIP(host)) return { kind: "literal", addresses: [host] };
  try {
    const found = await inTime(lookup(host, { all: true }), deadlineMs);
    return { kind: "found", addresses: found.map(({ address }) => address) };
  } catch (error) {
    return { kind: codeOf(error) === "ENOTFOUND" ? "unknown" : "silent" };
  }
}

export type Opening =
  | { kind: "open"; address: string; elapsedMs: number }
  | { kind: "refused" | "timed-out" | "unreachable" };

/** Opens a TCP connection and closes it again; of several addresses the first that answers. */
export function openConnection(host: string, port: number, deadlineMs: number): Promise<Opening> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (opening: Opening) => {
      socket.destroy();
      resolve(opening);
    };
    // Not the socket's own timeout, which begins anew with each address that is tried.
    const timer = setTimeout(() => end({ kind: "timed-out" }), deadlineMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      const elapsedMs = Math.round(performance.now() - startedAt);
      end({ kind: "open", address: socket.remoteAddress ?? host, elapsedMs });
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      end({ kind: refusalOf(codeOf(error)) });
    });
  });
}

function refusalOf(code: string): "refused" | "timed-out" | "unreachable" {
  if (code === "ECONNREFUSED" || code === "ECONNRESET") return "refused";
  return code === "ETIMEDOUT" ? "timed-out" : "unreachable";
}

export interface Certificate {
  validFrom: Date;
  validTo: Date;
  /** Node's code for why a client would not accept it, such as `DEPTH_ZERO_SELF_SIGNED_CERT`; null where it would. */
  problem: string | null;
}

/**
 * What a server shows of itself when a client asks for TLS: its certificate, trusted or not. `no-tls` where something
 * else answers there. Sends nothing once the connection stands.
 */
export function inspectTls(
  host: string,
  port: number,
  deadlineMs: number,
): Promise<Certificate | "no-tls" | "timed-out"> {
  return new Promise((resolve) => {
    const options: ConnectionOptions = {
      host,
      port,
      // Looked at below and said; nothing is sent over this connection.
      rejectUnauthorized: false,
      ...(isIP(host) ? {} : { servername: host }),
    };
    const socket = connectTls(options);
    const end = (answer: Certificate | "no-tls" | "timed-out") => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end("timed-out"), deadlineMs);
    socket.once("secureConnect", () => end(certificateOf(socket)));
    socket.once("error", () => end("no-tls"));
  });
}

function certificateOf(socket: TLSSocket): Certificate {
  const shown: PeerCertificate = socket.getPeerCertificate();
  return {
    validFrom: new Date(shown.valid_from),
    validTo: new Date(shown.valid_to),
    problem: socket.authorized ? null : problemOf(socket.authorizationError),
  };
}

/** Node's types say that it is an Error; it is that error's code. */
function problemOf(error: unknown): string {
  return typeof error === "string" ? error : codeOf(error);
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

const privateRanges = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
] as const)
  privateRanges.addSubnet(network, prefix, "ipv4");
privateRanges.addSubnet("fc00::", 7, "ipv6");
privateRanges.addSubnet("fe80::", 10, "ipv6");

/** How far what is sent to an address may travel, judged by the widest of them. */
export function distanceOf(addresses: readonly string[]): "loopback" | "private" | "public" {
  const isIn = (list: BlockList) => (address: string) =>
    list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  if (addresses.every(isIn(loopback))) return "loopback";
  const isNear = (address: string) => isIn(loopback)(address) || isIn(privateRanges)(address);
  return addresses.every(isNear) ? "private" : "public";
}

async function inTime<Answer>(answer: Promise<Answer>, deadlineMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), deadlineMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Of several addresses that all failed, the first one's. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && !("code" in error && error.code)) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
