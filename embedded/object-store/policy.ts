import { z } from "zod";
import { S3Error } from "./errors.ts";

/**
 * IAM user policies, of the form that is evaluated here: Allow and Deny on S3 actions and resources, with wildcards.
 * Whatever would change the meaning and is not evaluated (Condition, Principal, NotAction, NotResource, variables)
 * is refused when the policy is stored.
 *
 * Source: "IAM JSON policy elements reference" and "Policy evaluation logic", AWS IAM user guide.
 */
export type PolicyStatement = { effect: "Allow" | "Deny"; actions: string[]; resources: string[] };

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((value) => [value]), z.array(item).min(1)]);

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMore(z.string().regex(/^(\*|s3:[A-Za-z*?]+)$/i, "must be an S3 action")),
  Resource: oneOrMore(
    z.string().regex(/^(\*|arn:aws:s3:::[^$]+)$/, "must be * or an ARN of S3 without variables"),
  ),
});

const policyDocument = z.strictObject({
  Version: z.enum(["2008-10-17", "2012-10-17"]).optional(),
  Id: z.string().optional(),
  Statement: oneOrMore(statement),
});

/** @throws S3Error MalformedPolicyDocument, saying where */
export function parsePolicy(document: string): PolicyStatement[] {
  let json: unknown;
  try {
    json = JSON.parse(document);
  } catch {
    throw new S3Error("MalformedPolicyDocument", "The policy document is not JSON.");
  }
  const result = policyDocument.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new S3Error("MalformedPolicyDocument", `${issue?.path.join(".") || "document"}: ${issue?.message}`);
  }
  return result.data.Statement.map((given) => ({
    effect: given.Effect,
    actions: given.Action.map((action) => action.toLowerCase()),
    resources: given.Resource,
  }));
}

/**
 * What the policies of a user say of one action on one resource. An explicit Deny outweighs any Allow.
 *
 * @param action such as `s3:GetObject`
 * @param resource such as `arn:aws:s3:::bucket/key`
 */
export function evaluatePolicies(
  statements: PolicyStatement[],
  action: string,
  resource: string,
): "allow" | "deny" | "unspecified" {
  const applying = statements.filter(
    ({ actions, resources }) =>
      actions.some((pattern) => matchesWildcard(pattern, action.toLowerCase())) &&
      resources.some((pattern) => matchesWildcard(pattern, resource)),
  );
  if (applying.some(({ effect }) => effect === "Deny")) return "deny";
  return applying.length > 0 ? "allow" : "unspecified";
}

/**
 * Whether a text matches a pattern in which `*` stands for any run of characters and `?` for any one.
 *
 * Written out, since a regular expression made of many `.*` can take time exponential in the key's length. This
 * remembers the last `*` only and goes back to it, which is enough: an earlier one never needs to take more.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      starText = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++starText;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
