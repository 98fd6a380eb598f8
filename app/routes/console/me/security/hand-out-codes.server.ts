import { data } from "react-router";
import type { Context } from "#app/domain/context.ts";
import { DomainError } from "#app/domain/errors.ts";
import { submitWith } from "#app/http/handlers.server.ts";

/**
 * Answers the POST of a form with new recovery codes. That answer is the one page that holds them: no redirect, and
 * nothing to come back to. A form that is posted again is told that they were in the first answer.
 */
export function handOutCodes(
  args: Parameters<typeof submitWith>[0],
  command: (context: Context, input: unknown) => Promise<{ recoveryCodes: string[] }>,
) {
  return submitWith(
    args,
    (context, input) =>
      command(context, input).then(({ recoveryCodes }) => ({ recoveryCodes }), orAlreadyShown),
    (answer) => ("shown" in answer ? data(answer, { status: 409 }) : data(answer, { status: 201 })),
  );
}

function orAlreadyShown(error: unknown): { shown: true } {
  if (!(error instanceof DomainError) || error.code !== "already-done") throw error;
  return { shown: true };
}
