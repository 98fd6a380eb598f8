import { createHash, randomBytes } from "node:crypto";
import canonicalize from "canonicalize";
import type { Prisma } from "#app/generated/prisma/client.ts";
import type { AuditOutcome } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import type { Context } from "../context.ts";

/** JSON that the log keeps: ids, states, numbers as text. */
type Details = Record<string, Prisma.InputJsonValue | null>;

export interface AuditEntry {
  resourceType?: string;
  resourceId?: string;
  /** Redacted: no secret, and no value that names a person. */
  details?: Details;
  /** Values that name a person; they go to the erasable side table. */
  personal?: Details;
  /** Code of the refusal. */
  code?: string;
}

/** Chain of the events that belong to no account. */
export const systemChain = "system";

/**
 * Writes one event, what names a person beside it, and a place in the queue of the sealer, all in
 * the caller's transaction: an act and its record commit together or not at all.
 *
 * Only `domain/command.ts` calls this.
 */
export async function recordAuditEvent(
  tx: Transaction,
  context: Context,
  action: string,
  outcome: AuditOutcome,
  entry: AuditEntry,
): Promise<void> {
  const { actor, origin, accountId } = context;
  const personal = withoutEmpty({ address: origin.address, userAgent: origin.userAgent, ...entry.personal });
  const salt = randomBytes(16);
  const isPersonal = Object.keys(personal).length > 0;

  const { id } = await tx.auditEvent.create({
    select: { id: true },
    data: {
      occurredAt: new Date(),
      accountId,
      actorKind: actor.kind,
      actorId: actor.kind === "user" ? actor.userId : actor.kind === "system" ? actor.name : null,
      action,
      resourceType: entry.resourceType ?? null,
      resourceId: entry.resourceId ?? null,
      outcome,
      code: entry.code ?? null,
      requestId: origin.requestId,
      details: entry.details ?? {},
      personalHash: isPersonal ? hashPersonal(salt, personal) : null,
    },
  });
  if (isPersonal) await tx.auditPersonal.create({ data: { eventId: id, salt, values: personal } });
  await tx.auditUnsealed.create({ data: { eventId: id, chain: accountId ?? systemChain } });
}

/** SHA-256 over the salt and the values in canonical JSON, hex. The salt keeps a guess from being tried. */
export function hashPersonal(salt: Uint8Array, values: object): string {
  return createHash("sha256")
    .update(salt)
    .update(canonicalize(values) ?? "")
    .digest("hex");
}

function withoutEmpty(values: Details): Record<string, Prisma.InputJsonValue> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Prisma.InputJsonValue] => entry[1] !== null),
  );
}
