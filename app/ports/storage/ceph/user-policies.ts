import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import { StorageError } from "../errors.ts";
import { isStorageError, unlessAbsent } from "./answers.ts";
import type { Call } from "./call.ts";
import type { PolicyDocument } from "./policies.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

const POLICY_NAME = "balde";

/**
 * Gives a user its one policy, in place of all that it had. `not-found` without such a user.
 *
 * The gateway (16.2.15) forgets a user's policies with every other change of the user: of name, quota, keys or
 * suspension. So this comes last, after each of them, and not only when the policy is another.
 */
export async function setUserPolicy(
  config: EngineConfig,
  call: Call,
  uid: string,
  document: PolicyDocument,
): Promise<void> {
  // First the new one: a crash in between leaves too much rather than nothing, and the next look tells.
  await sendIam(config, call, {
    Action: "PutUserPolicy",
    UserName: uid,
    PolicyName: POLICY_NAME,
    PolicyDocument: JSON.stringify(document),
  });
  for (const name of await policyNames(config, call, uid)) {
    if (name === POLICY_NAME) continue;
    await unlessAbsent(
      "NoSuchEntity",
      sendIam(config, call, { Action: "DeleteUserPolicy", UserName: uid, PolicyName: name }),
    );
  }
}

/** The user's one policy as text; undefined where it has none, others, or one by another name. */
export async function findUserPolicy(
  config: EngineConfig,
  call: Call,
  uid: string,
): Promise<string | undefined> {
  const names = await policyNames(config, call, uid);
  if (names.length !== 1 || names[0] !== POLICY_NAME) return undefined;
  try {
    const form = { Action: "GetUserPolicy", UserName: uid, PolicyName: POLICY_NAME };
    return readPolicy(call, await sendIam(config, call, form));
  } catch (error) {
    // Another call changed the user since.
    if (isStorageError(error, "not-found")) return undefined;
    throw error;
  }
}

/** The gateway answers the same for a user without policies and for no user: no names for either. */
async function policyNames(config: EngineConfig, call: Call, uid: string): Promise<string[]> {
  const form = { Action: "ListUserPolicies", UserName: uid };
  const text = await unlessAbsent("NoSuchEntity", sendIam(config, call, form));
  // Names hold nothing that XML would escape.
  return [...(text ?? "").matchAll(/<member>([^<]*)<\/member>/g)].map((match) => match[1] ?? "");
}

const policyAnswer = z.object({
  GetUserPolicyResponse: z.object({ GetUserPolicyResult: z.object({ PolicyDocument: z.string() }) }),
});

function readPolicy(call: Call, text: string): string {
  let xml: unknown;
  try {
    xml = new XMLParser({ parseTagValue: false }).parse(text);
  } catch {
    throw new StorageError("unexpected", { operation: call.operation, engineCode: "InvalidXml" });
  }
  const answer = policyAnswer.safeParse(xml);
  // Not zod's own error, which would quote the answer.
  if (!answer.success) {
    throw new StorageError("unexpected", { operation: call.operation, engineCode: "InvalidAnswer" });
  }
  return answer.data.GetUserPolicyResponse.GetUserPolicyResult.PolicyDocument;
}

function sendIam(config: EngineConfig, call: Call, form: Record<string, string>): Promise<string> {
  return sendAdminRequest(config, call, {
    method: "POST",
    path: "/",
    service: "iam",
    form: { Version: "2010-05-08", ...form },
  });
}
