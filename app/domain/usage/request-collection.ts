import { z } from "zod";
import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";

/** An operator has every account measured now, instead of at the next full hour. */
export const requestCollection = command({
  action: "usage:collect",
  input: z.object({}),

  async run({ tx }) {
    await enqueue(tx, "collect-usage", {});
    return { requestedAt: new Date() };
  },

  audit: () => ({ resourceType: "usage" }),
});
