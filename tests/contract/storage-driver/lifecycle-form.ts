import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSayable, lifecycleRuleInput } from "#app/domain/lifecycle/rule-input.ts";
import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import type { Scenario } from "./scenario.ts";

/** Rules as the console's form makes them: it lets through nothing that an engine would refuse in words of its own. */
export function describeLifecycleForm(scenario: Scenario): void {
  describe("rules of the console's form", () => {
    test("each is kept whole, or refused with the rules before in force", async () => {
      const { driver } = scenario;
      const { managementKey, bucket } = await scenario.newTenantWithBucket();
      const at = { managementKey, bucket };
      const before: LifecycleRule = { id: "before", enabled: false, filter: {}, expiration: { days: 30 } };
      const outcomes = { kept: 0, refused: 0 };

      async function expectWholeOrRefused(fields: Record<string, unknown>): Promise<void> {
        const rule = lifecycleRuleInput.parse(fields);
        await driver.setLifecycle({ ...at, rules: [before] });
        const refusal = await driver
          .setLifecycle({ ...at, rules: [before, rule] })
          .catch((error: unknown) => error);
        const kept = byId(await driver.getLifecycle(at));
        if (refusal) {
          expect(refusal).toMatchObject({ code: "unsupported", engineCode: expect.any(String) });
          expect(kept).toEqual([before]);
          outcomes.refused += 1;
        } else {
          expect(kept).toEqual(byId([before, rule]));
          // And the form shows it again.
          expect(kept.filter(isSayable)).toHaveLength(2);
          outcomes.kept += 1;
        }
      }

      await fc.assert(fc.asyncProperty(forms, expectWholeOrRefused), { numRuns: 40, endOnFailure: true });
      for (const form of atTheLimits) await expectWholeOrRefused(form);
      const { lifecycle } = await driver.capabilities();
      expect(outcomes.kept).toBeGreaterThan(10);
      expect(outcomes.refused > 0).toBe(Object.values(lifecycle ?? {}).includes(false));
    }, 60_000);
  });
}

const days = fc.oneof(fc.integer({ min: 1, max: 400 }).map(String), fc.constant("36500"));
const texts = fc.oneof(
  fc.constantFrom("logs/", " ", "a & <b>", "ção/", "\u{1f9fa}", "'\"", "]]>", "a//b", "%2F+"),
  fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
);
const everywhere = {
  id: texts,
  enabled: fc.constant("on"),
  prefix: texts,
  tags: fc.array(fc.record({ key: texts, value: texts }), { minLength: 1, maxLength: 3 }),
  expiration: fc.constantFrom("none", "days", "date", "markers"),
  days,
  date: fc.constantFrom("2000-01-01", "2024-02-29", "2031-01-01", "2499-12-31"),
  noncurrentDays: days,
  abortDays: days,
};
/** What Ceph 16.2 drops. */
const notEverywhere = {
  sizeGreaterThan: fc.nat(5_000).map(String),
  sizeLessThan: fc.integer({ min: 6_000, max: 9_000 }).map(String),
  sizeLessThanUnit: fc.constantFrom("MiB", "GiB"),
  newerVersions: fc.integer({ min: 1, max: 100 }).map(String),
};
const always = { requiredKeys: ["days" as const, "date" as const, "expiration" as const] };
/** Half of the fields filled in, at random, of those that make a rule. */
const forms = fc
  .oneof(fc.record(everywhere, always), fc.record({ ...everywhere, ...notEverywhere }, always))
  .filter((fields) => lifecycleRuleInput.safeParse(fields).success);

const atTheLimits = [
  { id: "x".repeat(255), prefix: "p".repeat(1_024), expiration: "days", days: "2147483647" },
  { id: "ç".repeat(127), prefix: "ç".repeat(512), noncurrentDays: "2147483647", abortDays: "2147483647" },
  {
    id: "tags",
    tags: Array.from({ length: 10 }, (_, index) => ({ key: `${index}`.repeat(128), value: "v".repeat(256) })),
    expiration: "days",
    days: "1",
  },
  {
    id: "sizes",
    sizeGreaterThan: "0",
    sizeLessThan: "1000",
    sizeLessThanUnit: "TiB",
    expiration: "days",
    days: "1",
  },
  { id: "versions", noncurrentDays: "1", newerVersions: "100" },
];

function byId(rules: readonly LifecycleRule[]): LifecycleRule[] {
  return rules
    .map((rule) => ({ ...rule, filter: sortedTags(rule.filter) }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function sortedTags({ tags, ...filter }: LifecycleRule["filter"]): LifecycleRule["filter"] {
  return tags ? { ...filter, tags: tags.toSorted((a, b) => (a.key < b.key ? -1 : 1)) } : filter;
}
