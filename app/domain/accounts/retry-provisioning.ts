import { z } from "zod";
import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";

/** Tries at once what would be tried again by itself later. */
export const retryProvisioning = command({
  action: "accounts:retry-provisioning",
  input: z.object({}),

  async run({ tx, context }) {
    const accountId = accountIdOf(context);
    await enqueue(tx, "provision-account", { accountId });
    return { id: accountId };
  },

  audit: ({ output }) => ({ resourceType: "account", resourceId: output.id }),
});
