import { afterAll, expect, test } from "vitest";
import { sealEvents } from "#app/domain/audit/seal-events.ts";
import { db } from "#app/ports/db.server.ts";
import { expectWholeChains } from "#tests/support/audit-chains.ts";
import { queryAsOwner } from "#tests/support/database.ts";

const events = 20_000;
/** The system's and three accounts': as many as the sealers have to share out. */
const chains = 4;

afterAll(() => db.$disconnect());

test(`two sealers at once seal ${events} events into whole chains`, async () => {
  await queryAsOwner(
    `WITH event AS (
       INSERT INTO audit_event (id, occurred_at, account_id, actor_kind, action, outcome, details)
       SELECT md5('event' || n)::uuid, timestamptz '2026-03-01Z' + n * interval '1 second',
         CASE WHEN n % $2 > 0 THEN md5('account' || n % $2)::uuid END, 'system', 'buckets:create', 'succeeded',
         jsonb_build_object('number', n, 'name', 'açaí-' || n)
       FROM generate_series(1, $1::int) n
       RETURNING id, account_id
     )
     INSERT INTO audit_unsealed (event_id, chain) SELECT id, coalesce(account_id::text, 'system') FROM event`,
    [events, chains],
  );

  const startedAt = performance.now();
  const sealed = await Promise.all([sealEvents(), sealEvents()]);
  const seconds = (performance.now() - startedAt) / 1000;

  expect(sealed[0] + sealed[1]).toBe(events);
  await expectWholeChains();
  console.log(`  ${Math.round(events / seconds)} events a second: ${sealed.join(" and ")}`);
});
