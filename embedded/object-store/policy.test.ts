import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluatePolicies, matchesWildcard, parsePolicy } from "./policy.ts";

const document = (...Statement: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: unknown, Resource: unknown) => ({ Effect: "Allow", Action, Resource });
const deny = (Action: unknown, Resource: unknown) => ({ Effect: "Deny", Action, Resource });

const conditioned = (operator: string, test: unknown, statement = allow("s3:*", "*")) =>
  document({ ...statement, Condition: { [operator]: test } });

describe("evaluatePolicies", () => {
  const readOneBucket = allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]);
  test.each<[string, unknown[], string, string, "allow" | "deny" | "unspecified"]>([
    ["nothing said", [], "s3:GetObject", "arn:aws:s3:::b/k", "unspecified"],
    ["everything", [allow("s3:*", "*")], "s3:DeleteObject", "arn:aws:s3:::b/k", "allow"],
    ["the very widest", [allow("*", "*")], "s3:PutObject", "arn:aws:s3:::b/k", "allow"],
    ["read: get", [readOneBucket], "s3:GetObject", "arn:aws:s3:::b/a/b", "allow"],
    ["read: list", [readOneBucket], "s3:ListBucket", "arn:aws:s3:::b", "allow"],
    ["read: put", [readOneBucket], "s3:PutObject", "arn:aws:s3:::b/k", "unspecified"],
    ["a bucket that begins alike", [readOneBucket], "s3:GetObject", "arn:aws:s3:::b2/k", "unspecified"],
    [
      "a key is no bucket",
      [allow("s3:*", "arn:aws:s3:::b/*")],
      "s3:ListBucket",
      "arn:aws:s3:::b",
      "unspecified",
    ],
    [
      "a prefix",
      [allow("s3:Get*", "arn:aws:s3:::b/logs/*")],
      "s3:GetObject",
      "arn:aws:s3:::b/logs/1",
      "allow",
    ],
    [
      "beside a prefix",
      [allow("s3:Get*", "arn:aws:s3:::b/logs/*")],
      "s3:GetObject",
      "arn:aws:s3:::b/log",
      "unspecified",
    ],
    ["actions in any case", [allow("S3:getobject", "*")], "s3:GetObject", "arn:aws:s3:::b/k", "allow"],
    [
      "keys in their case",
      [allow("s3:*", "arn:aws:s3:::b/K")],
      "s3:GetObject",
      "arn:aws:s3:::b/k",
      "unspecified",
    ],
    [
      "Deny after Allow",
      [allow("s3:*", "*"), deny("s3:DeleteObject", "arn:aws:s3:::b/*")],
      "s3:DeleteObject",
      "arn:aws:s3:::b/k",
      "deny",
    ],
    [
      "Deny before Allow",
      [deny("s3:*", "arn:aws:s3:::b/secret?"), allow("s3:*", "*")],
      "s3:GetObject",
      "arn:aws:s3:::b/secret1",
      "deny",
    ],
    [
      "Deny of something else",
      [deny("s3:DeleteObject", "*"), allow("s3:*", "*")],
      "s3:GetObject",
      "arn:aws:s3:::b/k",
      "allow",
    ],
  ])("%s", (_, statements, action, resource, verdict) => {
    const parsed = statements.length === 0 ? [] : parsePolicy(document(...statements));
    expect(evaluatePolicies(parsed, action, resource)).toBe(verdict);
  });
});

describe("all but some", () => {
  const onlyTwoBuckets = {
    Effect: "Deny",
    Action: "s3:*",
    NotResource: ["arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::b", "arn:aws:s3:::b/*"],
  };
  const readOnly = { Effect: "Deny", NotAction: ["s3:Get*", "s3:ListBucket"], Resource: "*" };
  const noDeletes = { Effect: "Allow", NotAction: "s3:Delete*", NotResource: "arn:aws:s3:::secret/*" };

  test.each<[string, unknown[], string, string, "allow" | "deny" | "unspecified"]>([
    ["a key of a bucket named", [onlyTwoBuckets], "s3:GetObject", "arn:aws:s3:::a/k", "unspecified"],
    ["a bucket named", [onlyTwoBuckets], "s3:ListBucket", "arn:aws:s3:::b", "unspecified"],
    ["another bucket", [onlyTwoBuckets], "s3:ListBucket", "arn:aws:s3:::c", "deny"],
    [
      "another bucket, allowed too",
      [allow("*", "*"), onlyTwoBuckets],
      "s3:GetObject",
      "arn:aws:s3:::c/k",
      "deny",
    ],
    ["a bucket whose name begins alike", [onlyTwoBuckets], "s3:ListBucket", "arn:aws:s3:::ab", "deny"],
    ["an action named, in any case", [readOnly], "s3:getobject", "arn:aws:s3:::a/k", "unspecified"],
    ["another action", [readOnly, allow("*", "*")], "s3:PutObject", "arn:aws:s3:::a/k", "deny"],
    ["allowed by what is not named", [noDeletes], "s3:PutObject", "arn:aws:s3:::a/k", "allow"],
    ["not allowed: the action", [noDeletes], "s3:DeleteObject", "arn:aws:s3:::a/k", "unspecified"],
    ["not allowed: the resource", [noDeletes], "s3:GetObject", "arn:aws:s3:::secret/k", "unspecified"],
  ])("%s", (_, statements, action, resource, verdict) => {
    expect(evaluatePolicies(parsePolicy(document(...statements)), action, resource)).toBe(verdict);
  });
});

describe("a condition on the time", () => {
  const noon = Date.parse("2026-01-31T12:00:00Z");
  const evaluate = (text: string, now: number) =>
    evaluatePolicies(parsePolicy(text), "s3:GetObject", "arn:aws:s3:::b/k", now);

  test.each<[string, unknown, boolean, boolean, boolean]>([
    ["DateLessThan", "2026-01-31T12:00:00Z", true, false, false],
    ["DateLessThanEquals", "2026-01-31T12:00:00Z", true, true, false],
    ["DateGreaterThan", "2026-01-31T09:00:00-03:00", false, false, true],
    ["DateGreaterThanEquals", String(noon / 1000), false, true, true],
    ["DateLessThan", ["2020-01-01", "2026-01-31T12:00:00Z"], true, false, false],
  ])("%s %s: before, at, after", (operator, value, ...holds) => {
    const text = conditioned(operator, { "aws:currenttime": value });
    const verdicts = [noon - 1, noon, noon + 1].map((now) => evaluate(text, now));
    expect(verdicts).toEqual(holds.map((held) => (held ? "allow" : "unspecified")));
  });

  test("two of them: both must hold; a Deny ends with its condition", () => {
    const span = {
      DateGreaterThan: { "aws:CurrentTime": "2026-01-31" },
      DateLessThan: { "aws:CurrentTime": "2026-02-01" },
    };
    const text = document(allow("s3:*", "*"), { ...deny("s3:*", "*"), Condition: span });
    expect(evaluate(text, noon)).toBe("deny");
    expect(evaluate(text, noon + 86_400_000)).toBe("allow");
    expect(evaluate(text, noon - 86_400_000)).toBe("allow");
  });
});

describe("parsePolicy", () => {
  test("takes a single statement without a list", () => {
    const single = JSON.stringify({ Statement: allow("s3:GetObject", "*") });
    expect(parsePolicy(single)).toEqual(parsePolicy(document(allow(["s3:GetObject"], ["*"]))));
  });

  test.each<[string, string]>([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no statement", JSON.stringify({ Version: "2012-10-17" })],
    ["an empty list", document()],
    ["an unknown version", JSON.stringify({ Version: "2030-01-01", Statement: [allow("s3:*", "*")] })],
    ["an unknown effect", document({ Effect: "Maybe", Action: "s3:*", Resource: "*" })],
    ["no resource", document({ Effect: "Allow", Action: "s3:*" })],
    [
      "a condition",
      document({ ...allow("s3:*", "*"), Condition: { Bool: { "aws:SecureTransport": "true" } } }),
    ],
    ["a principal", document({ ...allow("s3:*", "*"), Principal: "*" })],
    ["neither Action nor NotAction", document({ Effect: "Allow", Resource: "*" })],
    ["both of them", document({ ...allow("s3:*", "*"), NotAction: "s3:GetObject" })],
    ["both Resource and NotResource", document({ ...allow("s3:*", "*"), NotResource: "arn:aws:s3:::b" })],
    ["an empty NotResource", document({ Effect: "Deny", Action: "s3:*", NotResource: [] })],
    ["another operator", conditioned("StringEquals", { "aws:CurrentTime": "2026-01-01" })],
    ["a date under another key", conditioned("DateLessThan", { "aws:TokenIssueTime": "2026-01-01" })],
    ["a time that is none", conditioned("DateLessThan", { "aws:CurrentTime": "tomorrow" })],
    ["a time without a zone", conditioned("DateLessThan", { "aws:CurrentTime": "2026-01-01T00:00:00" })],
    ["an empty condition", conditioned("DateLessThan", {})],
    ["another service", document(allow("iam:CreateUser", "*"))],
    ["another service's ARN", document(allow("s3:*", "arn:aws:sns:::topic"))],
    ["a variable", document(allow("s3:*", ["arn:aws:s3:::b/$", "{aws:username}/*"].join("")))],
  ])("refuses %s", (_, text) => {
    expect(() => parsePolicy(text)).toThrow(expect.objectContaining({ code: "MalformedPolicyDocument" }));
  });
});

describe("matchesWildcard", () => {
  test("agrees with a regular expression", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "*", "?"), maxLength: 12 });
    fc.assert(
      fc.property(texts, texts, (pattern, text) => {
        const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (character) =>
          character === "*" ? ".*" : character === "?" ? "." : `\\${character}`,
        );
        expect(matchesWildcard(pattern, text)).toBe(new RegExp(`^${source}$`, "s").test(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("takes no longer for many stars", () => {
    const startedAt = performance.now();
    expect(matchesWildcard(`${"*a".repeat(50)}b`, "a".repeat(1000))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
