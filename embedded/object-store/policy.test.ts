import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluatePolicies, matchesWildcard, parsePolicy } from "./policy.ts";

const document = (...Statement: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: unknown, Resource: unknown) => ({ Effect: "Allow", Action, Resource });
const deny = (Action: unknown, Resource: unknown) => ({ Effect: "Deny", Action, Resource });

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

describe("parsePolicy", () => {
  test("takes a single statement without a list", () => {
    const single = JSON.stringify({ Statement: allow("s3:GetObject", "*") });
    expect(parsePolicy(single)).toEqual([{ effect: "Allow", actions: ["s3:getobject"], resources: ["*"] }]);
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
    ["NotAction", document({ Effect: "Allow", NotAction: "s3:*", Resource: "*" })],
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
