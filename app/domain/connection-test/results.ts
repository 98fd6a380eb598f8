// What a connection test may find, step by step. Apart from everything that needs a server, so that pages can name it.

/** The steps in their order: each needs those before it. */
export const testSteps = [
  "name",
  "connection",
  "tls",
  "engine",
  "signature",
  "permission",
  "list",
  "read",
  "write",
] as const;

export type TestStep = (typeof testSteps)[number];
export type Outcome = "passed" | "warning" | "failed" | "skipped";

/** Everything that can be found, and how bad it is. What a page says of each is in its words. */
const outcomes = {
  "name.found": "passed",
  "name.literal": "passed",
  "name.unknown": "failed",
  "name.silent": "failed",

  "connection.open": "passed",
  "connection.refused": "failed",
  "connection.timedOut": "failed",
  "connection.unreachable": "failed",

  "tls.valid": "passed",
  "tls.expiresSoon": "warning",
  "tls.expired": "failed",
  "tls.notYetValid": "failed",
  "tls.selfSigned": "failed",
  "tls.unknownIssuer": "failed",
  "tls.wrongName": "failed",
  "tls.notTls": "failed",
  "tls.timedOut": "failed",
  "tls.plainLoopback": "passed",
  "tls.plainPrivate": "warning",
  "tls.plainPublic": "warning",

  "engine.answers": "passed",
  "engine.clockDrifts": "warning",
  "engine.clockOff": "failed",
  "engine.notS3": "failed",
  "engine.unwell": "failed",
  "engine.silent": "failed",

  "signature.accepted": "passed",
  "signature.stillAccepted": "warning",
  "signature.noSecret": "skipped",
  "signature.wrongSecret": "failed",
  "signature.unknownKey": "failed",
  "signature.clock": "failed",
  "signature.provisioning": "failed",
  "signature.inactive": "failed",
  "signature.reactivating": "failed",
  "signature.revoked": "failed",
  "signature.expired": "failed",
  "signature.suspended": "failed",
  "signature.silent": "failed",
  "signature.refused": "failed",

  "permission.listsAll": "passed",
  "permission.listsSome": "warning",
  "permission.listsNone": "warning",
  "permission.denied": "warning",
  "permission.reachesNothing": "failed",

  "list.listed": "passed",
  "list.empty": "passed",
  "list.denied": "failed",
  "list.missing": "failed",
  "list.silent": "failed",
  "list.refused": "failed",

  "read.read": "passed",
  "read.nothing": "skipped",
  "read.gone": "skipped",
  "read.denied": "failed",
  "read.silent": "failed",
  "read.refused": "failed",

  "write.notAsked": "skipped",
  "write.written": "passed",
  "write.rightlyDenied": "passed",
  "write.wronglyAllowed": "failed",
  "write.denied": "failed",
  "write.full": "failed",
  "write.leftBehind": "warning",
  "write.silent": "failed",
  "write.refused": "failed",
} as const satisfies Record<`${TestStep}.${string}`, Outcome>;

export type Finding = keyof typeof outcomes;

/** One step that was taken. `params` fill in its words; never a secret, never the name of a person's object. */
export interface TestResult {
  step: TestStep;
  finding: Finding;
  outcome: Outcome;
  params: Record<string, string | number>;
}

export function resultOf(finding: Finding, params: TestResult["params"] = {}): TestResult {
  const [step] = finding.split(".") as [TestStep];
  return { step, finding, outcome: outcomes[finding], params };
}
