import { createHash } from "node:crypto";
import { expect } from "vitest";
import { queryAsOwner } from "./database.ts";

/** Recomputes every chain from the rows alone, in the terms of its description and not with its code. */
export async function expectWholeChains(): Promise<void> {
  const rows = await queryAsOwner<Record<string, unknown> & { chain: string; hash: string }>(
    `SELECT s.chain, s.sequence::text, s.hash, e.id, e.occurred_at, e.account_id, e.actor_kind, e.actor_id, e.action,
            e.resource_type, e.resource_id, e.outcome, e.code, e.request_id, e.details, e.personal_hash
     FROM audit_seal s JOIN audit_event e ON e.id = s.event_id ORDER BY s.chain, s.sequence`,
  );
  const last = new Map<string, { sequence: bigint; hash: string }>();
  for (const { chain, sequence, hash, ...columns } of rows) {
    const previous = last.get(chain) ?? { sequence: 0n, hash: "0".repeat(64) };
    expect(sequence).toBe((previous.sequence + 1n).toString());
    expect(chain).toBe(columns.account_id ?? "system");
    const event = Object.fromEntries(
      Object.entries(columns).map(([name, value]) => [
        name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
        value instanceof Date ? value.toISOString() : value,
      ]),
    );
    const sealed = canonical({ previous: previous.hash, chain, sequence, event });
    expect(hash).toBe(createHash("sha256").update(sealed).digest("hex"));
    last.set(chain, { sequence: BigInt(sequence as string), hash });
  }
  const [{ events, waiting } = { events: 0, waiting: 0 }] = await queryAsOwner<{
    events: number;
    waiting: number;
  }>(
    "SELECT (SELECT count(*)::int FROM audit_event) AS events, (SELECT count(*)::int FROM audit_unsealed) AS waiting",
  );
  expect([rows.length, waiting]).toEqual([events, 0]);
}

/** JSON with sorted names and no spaces (RFC 8785, as far as the log's values go). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`);
  return `{${members.join(",")}}`;
}
