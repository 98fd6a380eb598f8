import { z } from "zod";
import { S3Error } from "./errors.ts";

/**
 * IAM user policies, of the form that is evaluated here: Allow and Deny on S3 actions and resources, or on all but
 * some (NotAction, NotResource), with wildcards, for a span of time (Date… conditions on aws:CurrentTime). Whatever
 * else would change the meaning (other conditions, Principal, variables) is refused when the policy is stored.
 *
 * Source: "IAM JSON policy elements reference" and "Policy evaluation logic", AWS IAM user guide.
 */
export type PolicyStatement = {
  effect: "Allow" | "Deny";
  actions: Selection;
  resources: Selection;
  /** All of them must hold. */
  conditions: TimeCondition[];
};

/** What some patterns match or, inverted, whatever none of them matches. */
type Selection = { patterns: string[]; inverted: boolean };

/** Compares the time of the request with a list of times, of which one must fit. Milliseconds since the epoch. */
type TimeCondition = { operator: TimeOperator; times: number[] };
type TimeOperator = keyof typeof TIME_OPERATORS;

const TIME_OPERATORS = {
  DateLessThan: (now: number, time: number) => now < time,
  DateLessThanEquals: (now: number, time: number) => now <= time,
  DateGreaterThan: (now: number, time: number) => now > time,
  DateGreaterThanEquals: (now: number, time: number) => now >= time,
};

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((value) => [value]), z.array(item).min(1)]);

const actions = oneOrMore(z.string().regex(/^(\*|s3:[A-Za-z*?]+)$/i, "must be an S3 action"));
const resources = oneOrMore(
  z.string().regex(/^(\*|arn:aws:s3:::[^$]+)$/, "must be * or an ARN of S3 without variables"),
);

/** `2026-01-31`, `2026-01-31T12:00:00Z` or seconds since the epoch. */
const time = z
  .union([z.iso.date(), z.iso.datetime({ offset: true }), z.string().regex(/^\d{1,11}$/)])
  .transform((text) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)));

const timeTest = z
  .record(z.string().regex(/^aws:CurrentTime$/i, "is not evaluated"), oneOrMore(time))
  .refine((test) => Object.keys(test).length === 1, "must name one condition key");

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Action: actions.optional(),
    NotAction: actions.optional(),
    Resource: resources.optional(),
    NotResource: resources.optional(),
    Condition: z.partialRecord(z.enum(Object.keys(TIME_OPERATORS) as TimeOperator[]), timeTest).optional(),
  })
  .refine((given) => (given.Action === undefined) !== (given.NotAction === undefined), {
    message: "must hold either Action or NotAction",
  })
  .refine((given) => (given.Resource === undefined) !== (given.NotResource === undefined), {
    message: "must hold either Resource or NotResource",
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
    actions: {
      patterns: (given.Action ?? given.NotAction ?? []).map((action) => action.toLowerCase()),
      inverted: given.Action === undefined,
    },
    resources: {
      patterns: given.Resource ?? given.NotResource ?? [],
      inverted: given.Resource === undefined,
    },
    conditions: Object.entries(given.Condition ?? {}).flatMap(([operator, test]) =>
      Object.values(test ?? {}).map((times) => ({ operator: operator as TimeOperator, times })),
    ),
  }));
}

/**
 * What the policies of a user say of one action on one resource. An explicit Deny outweighs any Allow.
 *
 * @param action such as `s3:GetObject`
 * @param resource such as `arn:aws:s3:::bucket/key`
 * @param now milliseconds since the epoch
 */
export function evaluatePolicies(
  statements: PolicyStatement[],
  action: string,
  resource: string,
  now: number = Date.now(),
): "allow" | "deny" | "unspecified" {
  const applying = statements.filter(
    ({ actions, resources, conditions }) =>
      selects(actions, action.toLowerCase()) &&
      selects(resources, resource) &&
      conditions.every(({ operator, times }) => times.some((time) => TIME_OPERATORS[operator](now, time))),
  );
  if (applying.some(({ effect }) => effect === "Deny")) return "deny";
  return applying.length > 0 ? "allow" : "unspecified";
}

function selects({ patterns, inverted }: Selection, text: string): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern, text)) !== inverted;
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
