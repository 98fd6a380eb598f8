import { askUnsigned } from "#app/ports/connection-probe/ask-s3.ts";
import {
  type Certificate,
  distanceOf,
  inspectTls,
  openConnection,
  placeOf,
  resolveHost,
} from "#app/ports/connection-probe/reach.ts";
import { resultOf, type TestResult } from "./results.ts";

/** A certificate that ends within this is worth a word. */
const soonMs = 14 * 86_400_000;
/** Signatures of version 4 are refused beyond this (Amazon S3 and Ceph alike). */
const clockOffSeconds = 900;
const clockDriftsSeconds = 300;

/**
 * The way to an endpoint: its name, the connection, TLS, and that an S3 engine answers. Ends at the first step that
 * fails. Takes at most `deadlineMs` for each.
 *
 * @param endpoint the installation's own, and no other (ASVS 1.3.6)
 */
export async function* testWay(endpoint: string, deadlineMs: number): AsyncGenerator<TestResult> {
  const { host, port, isTls } = placeOf(endpoint);

  const resolution = await resolveHost(host, deadlineMs);
  if (!("addresses" in resolution)) {
    yield resultOf(`name.${resolution.kind}`, { host });
    return;
  }
  const { kind, addresses } = resolution;
  yield resultOf(`name.${kind}`, { host, addresses: addresses.join(", ") });

  const opening = await openConnection(host, port, deadlineMs);
  if (opening.kind !== "open") {
    const finding = opening.kind === "timed-out" ? "timedOut" : opening.kind;
    yield resultOf(`connection.${finding}`, { host, port });
    return;
  }
  yield resultOf("connection.open", { address: opening.address, port, milliseconds: opening.elapsedMs });

  const tls = isTls ? ofTls(await inspectTls(host, port, deadlineMs), host, port) : ofPlain(addresses);
  yield tls;
  if (tls.outcome !== "failed") yield await testEngine(endpoint, deadlineMs);
}

function ofPlain(addresses: readonly string[]): TestResult {
  const distance = distanceOf(addresses);
  if (distance === "loopback") return resultOf("tls.plainLoopback");
  return resultOf(distance === "private" ? "tls.plainPrivate" : "tls.plainPublic");
}

const untrusted = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls.selfSigned",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls.wrongName",
} as const;

function ofTls(shown: Certificate | "no-tls" | "timed-out", host: string, port: number): TestResult {
  if (shown === "no-tls") return resultOf("tls.notTls", { host, port });
  if (shown === "timed-out") return resultOf("tls.timedOut", { host, port });
  const { validFrom, validTo, problem } = shown;
  const now = Date.now();
  const params = { host, until: dayOf(validTo), from: dayOf(validFrom) };
  // Before the issuer: that is what somebody forgot.
  if (validTo.getTime() < now) return resultOf("tls.expired", params);
  if (validFrom.getTime() > now) return resultOf("tls.notYetValid", params);
  if (problem !== null)
    return resultOf(untrusted[problem as keyof typeof untrusted] ?? "tls.unknownIssuer", {
      ...params,
      problem,
    });
  return resultOf(validTo.getTime() - now < soonMs ? "tls.expiresSoon" : "tls.valid", params);
}

async function testEngine(endpoint: string, deadlineMs: number): Promise<TestResult> {
  const startedAt = Date.now();
  const answer = await askUnsigned(endpoint, deadlineMs);
  if (!answer) return resultOf("engine.silent", { seconds: deadlineMs / 1_000 });
  const { status, isS3, date } = answer;
  if (status >= 500) return resultOf("engine.unwell", { status });
  if (!isS3) return resultOf("engine.notS3", { status });
  // Its clock has whole seconds, and the answer was some time on its way.
  const now = (startedAt + Date.now()) / 2;
  const seconds = date ? Math.round((date.getTime() + 500 - now) / 1_000) : 0;
  const off = Math.abs(seconds);
  if (off > clockOffSeconds) return resultOf("engine.clockOff", { seconds: off });
  return off > clockDriftsSeconds
    ? resultOf("engine.clockDrifts", { seconds: off })
    : resultOf("engine.answers", { seconds: off });
}

/** `2026-12-31`, in UTC as certificates have it. */
function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
