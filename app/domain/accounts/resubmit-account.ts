import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { announceSubmission } from "./announce-submission.ts";
import { isDocumentTaken } from "./open-account.ts";
import { resubmitAccountInput } from "./schema.ts";

/** A rejected applicant corrects name and document and waits for approval again. */
export const resubmitAccount = command({
  action: "accounts:resubmit",
  input: resubmitAccountInput,

  async run({ tx, input, context }) {
    const id = accountIdOf(context);
    if (await isDocumentTaken(tx, input.document, id))
      throw new DomainError("document-taken", { field: "document" });
    const { count } = await tx.account.updateMany({
      where: { id, state: "rejected" },
      data: {
        name: input.accountName,
        document: input.document,
        state: "pending",
        submittedAt: new Date(),
        rejectionCause: null,
        rejectionReason: null,
        rejectedAt: null,
      },
    });
    if (count !== 1) throw new DomainError("already-done");
    await announceSubmission(tx, id);
    return { id };
  },

  audit: ({ output }) => ({
    resourceType: "account",
    resourceId: output.id,
    details: { before: { state: "rejected" }, after: { state: "pending" } },
  }),
});
