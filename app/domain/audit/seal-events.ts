import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { AuditEvent } from "#app/generated/prisma/client.ts";
import { db, type Transaction } from "#app/ports/db.server.ts";

const batchSize = 500;
/** Before a chain's first seal. */
const genesis = "0".repeat(64);

/**
 * Seals every event that waits, chain by chain, and answers how many it sealed.
 *
 * Events commit in another order than their ids were made in, so a sealer never takes "all after the
 * last": it takes what stands in the outbox. One sealer per chain at a time, by an advisory lock that
 * a second worker does not wait for.
 */
export async function sealEvents(): Promise<number> {
  const chains = await db.auditUnsealed.groupBy({ by: ["chain"] });
  let sealed = 0;
  for (const { chain } of chains) sealed += await sealChain(chain);
  return sealed;
}

async function sealChain(chain: string): Promise<number> {
  for (let sealed = 0; ; ) {
    const count = await db.$transaction((tx) => sealBatch(tx, chain));
    sealed += count;
    if (count < batchSize) return sealed;
  }
}

async function sealBatch(tx: Transaction, chain: string): Promise<number> {
  const [lock] = await tx.$queryRaw<{ held: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended('audit-seal:' || ${chain}, 0)) AS held`;
  if (!lock?.held) return 0;

  const waiting = await tx.auditUnsealed.findMany({
    where: { chain },
    orderBy: { eventId: "asc" },
    take: batchSize,
  });
  if (waiting.length === 0) return 0;
  const ids = waiting.map(({ eventId }) => eventId);
  const events = await tx.auditEvent.findMany({ where: { id: { in: ids } }, orderBy: { id: "asc" } });
  const last = await tx.auditSeal.findFirst({ where: { chain }, orderBy: { sequence: "desc" } });

  let sequence = last?.sequence ?? 0n;
  let hash = last?.hash ?? genesis;
  const sealedAt = new Date();
  const seals = events.map((event) => {
    sequence += 1n;
    hash = sealHash(hash, chain, sequence, event);
    return { chain, sequence, eventId: event.id, hash, sealedAt };
  });
  await tx.auditSeal.createMany({ data: seals });
  await tx.auditUnsealed.deleteMany({ where: { eventId: { in: ids } } });
  return events.length;
}

/**
 * SHA-256 over the previous hash, the place in the chain and the event in canonical JSON (RFC 8785),
 * hex. Every column of the event is in it, so that none can be changed unseen.
 */
export function sealHash(previous: string, chain: string, sequence: bigint, event: AuditEvent): string {
  const { occurredAt, ...rest } = event;
  const sealed = {
    previous,
    chain,
    sequence: sequence.toString(),
    event: { ...rest, occurredAt: occurredAt.toISOString() },
  };
  return createHash("sha256")
    .update(canonicalize(sealed) ?? "")
    .digest("hex");
}
