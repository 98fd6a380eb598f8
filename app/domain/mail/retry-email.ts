import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { DomainError } from "../errors.ts";
import { retryEmailInput } from "./schema.ts";

/**
 * Tries a mail again: one that was refused for good, or one that waits, at once. One that was sent or is obsolete is
 * left alone (`already-done`).
 */
export const retryEmail = command({
  action: "emails:retry",
  input: retryEmailInput,

  async run({ tx, input: { emailId } }) {
    const before = await tx.email.findUnique({ where: { id: emailId }, select: { state: true } });
    if (!before) throw new DomainError("not-found");
    const [email] = await tx.email.updateManyAndReturn({
      where: { id: emailId, state: { in: ["failed", "queued"] } },
      data: { state: "queued", closedAt: null },
      select: { message: true },
    });
    if (!email) throw new DomainError("already-done");
    // However often it is asked for, one job in ten seconds.
    await enqueue(tx, "send-email", { emailId }, { singletonKey: emailId, singletonSeconds: 10 });
    return { id: emailId, message: email.message, before: before.state };
  },

  audit: ({ output: { id, message, before } }) => ({
    resourceType: "email",
    resourceId: id,
    details: { message, before: { state: before }, after: { state: "queued" } },
  }),
});
