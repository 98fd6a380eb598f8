import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import type { LifecycleRule as EngineRule } from "#embedded/object-store/lifecycle/rules.ts";
import {
  type ModelVersion,
  modelUploads,
  modelVersions,
} from "#embedded/object-store/lifecycle/testing-model.ts";
import { dueAt } from "./age.ts";
import { type LifecycleEntry, ruleEffects } from "./matches.ts";

const dayMs = 86_400_000;
const at = (text: string) => new Date(text);
const rule = (parts: Partial<LifecycleRule>): LifecycleRule => ({
  id: "r",
  enabled: true,
  filter: {},
  ...parts,
});
const object = (parts: Partial<Extract<LifecycleEntry, { kind: "current" }>> = {}): LifecycleEntry => ({
  kind: "current",
  key: "logs/a",
  sizeBytes: 100n,
  tags: null,
  lastModified: at("2026-01-15T10:30:00Z"),
  staysAsVersion: false,
  ...parts,
});

test("made on 15 January at 10:30, three days end on 19 January at midnight UTC", () => {
  expect(dueAt(at("2026-01-15T10:30:00Z"), 3)).toEqual(at("2026-01-19T00:00:00Z"));
  const days = rule({ expiration: { days: 3 } });
  expect(ruleEffects(days, object(), at("2026-01-18T23:59:59.999Z"))).toBe("keeps");
  expect(ruleEffects(days, object(), at("2026-01-19T00:00:00Z"))).toBe("removes");
  expect(ruleEffects(days, object({ staysAsVersion: true }), at("2026-01-19T00:00:00Z"))).toBe("hides");
});

test.each([
  ["2026-01-01T00:00:00Z", 1, "2026-01-02T00:00:00Z"],
  ["2026-01-01T00:00:00.001Z", 1, "2026-01-03T00:00:00Z"],
  ["2024-02-27T12:00:00Z", 1, "2024-02-29T00:00:00Z"],
  ["2018-11-03T12:00:00Z", 1, "2018-11-05T00:00:00Z"],
  ["2026-01-01T10:30:00Z", 2 ** 31 - 1, "9999-12-31T00:00:00Z"],
])("made %s, after %i days: due %s", (madeAt, days, due) => {
  expect(dueAt(at(madeAt), days)).toEqual(at(due));
});

test("what hangs on tags that nobody looked up is left open, and only that", () => {
  const tagged = rule({
    filter: { prefix: "logs/", tags: [{ key: "k", value: "v" }] },
    expiration: { days: 3 },
  });
  const later = at("2026-02-01T00:00:00Z");
  expect(ruleEffects(tagged, object(), later)).toBe("needs-tags");
  expect(ruleEffects(tagged, object({ key: "other" }), later)).toBe("keeps");
  expect(ruleEffects(tagged, object(), at("2026-01-16T00:00:00Z"))).toBe("keeps");
  const tags = [
    { key: "k", value: "v" },
    { key: "l", value: "" },
  ];
  expect(ruleEffects(tagged, object({ tags }), later)).toBe("removes");
  expect(ruleEffects(tagged, object({ tags: [{ key: "k", value: "V" }] }), later)).toBe("keeps");
});

describe("as the embedded store's model has it", () => {
  const start = Date.parse("2030-01-01T00:00:00Z");
  const now = start + 20 * dayMs + 3_600_000;
  const moments = fc.oneof(
    fc.nat(20 * dayMs),
    fc.nat(20).map((day) => day * dayMs),
  );
  const someDays = fc.integer({ min: 1, max: 20 });
  const prefixes = fc.constantFrom("", "a", "a/", "é");
  const tags = fc.dictionary(fc.constantFrom("k", "l"), fc.constantFrom("x", "y"), { noNullPrototype: true });

  const rules: fc.Arbitrary<LifecycleRule> = fc.record(
    {
      id: fc.constant("r"),
      enabled: fc.constant(true),
      filter: fc.record(
        {
          prefix: prefixes,
          tags: tags.map((given) => Object.entries(given).map(([key, value]) => ({ key, value }))),
          sizeGreaterThan: fc.constantFrom(0n, 1n, 100n),
          sizeLessThan: fc.constantFrom(1n, 101n),
        },
        { requiredKeys: [] },
      ),
      expiration: fc.oneof(
        fc.record({ days: someDays }),
        fc.record({ date: fc.nat(22).map((day) => new Date(start + day * dayMs)) }),
        fc.constant({ expiredDeleteMarkers: true as const }),
      ),
      noncurrentExpiration: fc.record(
        { days: someDays, newerVersions: fc.integer({ min: 1, max: 3 }) },
        { requiredKeys: ["days"] },
      ),
      abortUploadsAfterDays: someDays,
    },
    { requiredKeys: ["id", "enabled", "filter"] },
  );

  /** One key's versions, the oldest first; none is the version `null`, which suspended versioning treats apart. */
  const histories = fc
    .array(
      fc.record({
        isDeleteMarker: fc.boolean(),
        sizeBytes: fc.constantFrom(0, 1, 100, 101),
        tags,
        gapMs: moments,
      }),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((made) => {
      let time = start;
      const times = made.map(({ gapMs }) => {
        time = Math.min(time + gapMs, now - 1);
        return time;
      });
      return made.map(
        ({ isDeleteMarker, sizeBytes, tags }, index): ModelVersion => ({
          key: "a/1",
          isNull: false,
          isDeleteMarker,
          sizeBytes: isDeleteMarker ? 0 : sizeBytes,
          tags: isDeleteMarker ? {} : tags,
          modifiedAt: times[index] ?? 0,
          noncurrentAt: times[index + 1] ?? null,
        }),
      );
    });

  test("versions and delete markers", () => {
    fc.assert(
      fc.property(histories, rules, fc.constantFrom(null, "Enabled"), (given, rule, versioning) => {
        // Without versions there is one.
        const versions = versioning
          ? given
          : [{ ...given[0], noncurrentAt: null, isDeleteMarker: false } as ModelVersion];
        const left = modelVersions(versions, [engineRule(rule)], versioning, now);
        const effects = effectsOn(versions, rule, versioning);
        expect(effects).toEqual(
          versions.map((version) => {
            if (left.includes(version)) return "keeps";
            return left.some(
              ({ modifiedAt, noncurrentAt }) => modifiedAt === version.modifiedAt && noncurrentAt === now,
            )
              ? "hides"
              : "removes";
          }),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test("uploads", () => {
    fc.assert(
      fc.property(moments, prefixes, rules, (ageMs, key, rule) => {
        const upload = { key: `${key}1`, createdAt: now - ageMs };
        const left = modelUploads([upload], [engineRule(rule)], now);
        const entry = { kind: "upload", key: upload.key, initiatedAt: new Date(upload.createdAt) } as const;
        expect(ruleEffects(rule, entry, new Date(now))).toBe(left.length === 1 ? "keeps" : "removes");
      }),
    );
  });

  function effectsOn(versions: ModelVersion[], rule: LifecycleRule, versioning: string | null) {
    const effects = versions.map(({ noncurrentAt, ...version }, index) =>
      ruleEffects(
        rule,
        {
          ...contentOf(version),
          ...(noncurrentAt === null
            ? {
                kind: "current",
                lastModified: new Date(version.modifiedAt),
                staysAsVersion: versioning !== null,
              }
            : {
                kind: "noncurrent",
                noncurrentSince: new Date(noncurrentAt),
                newerNoncurrent: versions.length - 2 - index,
              }),
        },
        new Date(now),
      ),
    );
    const latest = versions.at(-1);
    if (!latest?.isDeleteMarker) return effects;
    const isAlone = effects.slice(0, -1).every((effect) => effect === "removes");
    const marker = {
      kind: "marker",
      key: latest.key,
      lastModified: new Date(latest.modifiedAt),
      isAlone,
    } as const;
    return [...effects.slice(0, -1), ruleEffects(rule, marker, new Date(now))];
  }

  function contentOf({ key, sizeBytes, tags }: Pick<ModelVersion, "key" | "sizeBytes" | "tags">) {
    return {
      key,
      sizeBytes: BigInt(sizeBytes),
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    };
  }
});

/** The rule as the embedded store keeps it. */
function engineRule({ filter, expiration, noncurrentExpiration, ...rule }: LifecycleRule): EngineRule {
  return {
    id: rule.id,
    enabled: rule.enabled,
    form: "and",
    filter: {
      prefix: filter.prefix,
      tags: [...(filter.tags ?? [])],
      sizeGreaterThan: filter.sizeGreaterThan === undefined ? undefined : Number(filter.sizeGreaterThan),
      sizeLessThan: filter.sizeLessThan === undefined ? undefined : Number(filter.sizeLessThan),
    },
    ...(expiration && {
      expiration:
        "days" in expiration
          ? expiration
          : "date" in expiration
            ? { date: expiration.date.toISOString() }
            : { expiredObjectDeleteMarker: true },
    }),
    ...(noncurrentExpiration && {
      noncurrentVersionExpiration: {
        noncurrentDays: noncurrentExpiration.days,
        newerNoncurrentVersions: noncurrentExpiration.newerVersions,
      },
    }),
    ...(rule.abortUploadsAfterDays !== undefined && {
      abortIncompleteMultipartUpload: { daysAfterInitiation: rule.abortUploadsAfterDays },
    }),
  };
}
