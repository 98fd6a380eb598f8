// Lets an operator back in who has lost password or second factor, from the server's own shell, while Balde runs:
//   npm run operator:recover                                      lists the operators
//   npm run operator:recover -- someone@example.com               prints a one-time link for one of them
//   npm run operator:recover -- someone@example.com --promote     … or for any other user, whom it makes one
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { enterRepository } from "./launcher/enter-repository.ts";
import { readSettings } from "./launcher/settings.ts";
import { loadStandInSecrets } from "./launcher/stand-in-secrets.ts";

const usage = "Usage: npm run operator:recover -- [someone@example.com [--promote]]";

const refusals: Partial<Record<string, (address: string) => string>> = {
  "not-found": (address) =>
    `No user has the address ${address}. Without arguments, this lists the operators.`,
  forbidden: (address) => `${address} is no operator. To make this user one, add --promote.`,
  "invalid-input": (address) => `${address} is no e-mail address.\n${usage}`,
};

enterRepository();
try {
  Object.assign(process.env, readSettings(process.env, loadStandInSecrets).environment);
} catch (error) {
  fail((error as Error).message);
}
const { email, promote } = readArguments();
// Only now: the application reads its settings when it is loaded.
const { issueRecoveryLink, isAnyUser, listOperators } = await import(
  "#app/domain/identity/staff/recover-operator.ts"
);
const { linkHours } = await import("#app/domain/identity/link-tokens.ts");
const { systemContext } = await import("#app/domain/context.ts");
const { DomainError } = await import("#app/domain/errors.ts");
const { env } = await import("#app/ports/env.server.ts");

try {
  if (!(await isAnyUser())) {
    fail(
      "There is no user yet. The link that the start prints makes the first operator: look at its output.",
    );
  }
  if (email === undefined) await printOperators();
  else await printLink(email);
} catch (error) {
  fail(`The database does not answer as it should. Is Balde running?\n${(error as Error).message}`);
}
process.exit(0);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { promote: { type: "boolean", default: false } },
    });
    if (positionals.length > 1 || (positionals.length === 0 && values.promote)) fail(usage);
    return { email: positionals[0], promote: values.promote };
  } catch (error) {
    return fail(`${(error as Error).message}\n${usage}`);
  }
}

async function printOperators(): Promise<void> {
  const operators = await listOperators();
  if (operators.length === 0) console.log("There is no operator.");
  for (const { email, name, isDisabled, hasSecondFactor } of operators) {
    const remarks = [isDisabled && "disabled", !hasSecondFactor && "no two-step verification"].filter(
      Boolean,
    );
    console.log(`${email}  ${name}${remarks.length > 0 ? `  (${remarks.join(", ")})` : ""}`);
  }
  console.log(`\n${usage}`);
}

async function printLink(address: string): Promise<void> {
  const context = systemContext("operator-recover", null, randomUUID());
  const { token, promotes } = await issueRecoveryLink(context, { email: address, promote }).catch((error) => {
    if (!(error instanceof DomainError)) throw error;
    return fail(refusals[error.code]?.(address) ?? error.code);
  });
  // Only the link on standard output, for whoever wants to hand it on.
  console.error(
    `${promotes ? "Makes this user an operator. " : ""}` +
      `Works once, within ${linkHours.operator_recovery} hour. Whoever opens it chooses a new password and has to set ` +
      "up two-step verification anew; all sessions of this user end.",
  );
  console.log(new URL(`/recovery/${token}`, env.PUBLIC_URL).href);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
