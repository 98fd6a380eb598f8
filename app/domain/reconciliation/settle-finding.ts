import { isDeepStrictEqual } from "node:util";
import { db } from "#app/ports/db.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { type Context, systemContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { closeFinding, reopenFinding } from "./close-finding.ts";
import { type Difference, keyOf, storedSides, subjectOf } from "./findings.ts";
import { type Look, look } from "./look.ts";
import { noteProblem } from "./note-problem.ts";
import { setEngineBack } from "./set-engine-back.ts";
import { adoptedGrant, storedDecision } from "./take-into-console.ts";

/**
 * The job: carries out what somebody decided about a finding. Looks at the engine first, since things may have
 * changed since they were shown. Safe to repeat after a crash at any point: each step at the engine may be, and the
 * rows are written with the finding's end.
 *
 * Throws what may pass by itself, after noting it on the finding; the job is then tried again. What is refused for
 * good gives the finding back, with the reason.
 */
export async function settleFinding(findingId: string, jobId: string): Promise<void> {
  const row = await db.finding.findUnique({ where: { id: findingId } });
  if (!row || (row.state !== "adopting" && row.state !== "undoing")) return;
  const context = systemContext("settle-finding", row.accountId, jobId);
  const finding = { ...row, ...storedSides.parse(row.sides) };
  try {
    const now = await look(row.accountId);
    // Suspended accounts are looked at too; in any other state there is nothing at the engine to be settled.
    if (!now) return void (await reopenFinding(context, { id: findingId, problem: "account-not-active" }));
    if (row.state === "adopting") await adopt(context, finding, now);
    else await undo(context, finding, now);
  } catch (error) {
    const problem = refusalIn(error);
    if (problem === null) {
      await noteProblem(findingId, error instanceof StorageError ? error.code : "internal");
      throw error;
    }
    await reopenFinding(context, { id: findingId, problem });
  }
}

/** The code of a refusal for good; null for what may pass by itself. */
function refusalIn(error: unknown): string | null {
  if (error instanceof DomainError) return error.code;
  return error instanceof StorageError && !error.retryable ? error.code : null;
}

type Decided = Difference & { id: string; accountId: string; decision: unknown };

async function adopt(context: Context, finding: Decided, now: Look): Promise<void> {
  const { id } = finding;
  const found = find(finding, now);
  if (!found) return void (await closeFinding(context, { id, outcome: "disappeared" }));
  // The person said yes to what they were shown.
  if (!isStillAsShown(finding, found)) return reopenAsChanged(context, id, found);
  await prepareEngine(finding, found, now.console.account.tenant);
  await closeFinding(context, { id, outcome: "adopted" });
}

/** What the engine must be told before the console can take a thing over. */
async function prepareEngine(finding: Decided, found: Difference, tenant: string): Promise<void> {
  if (finding.kind === "bucket_only_at_engine" && found.engineSays?.ownerUser !== "owner") {
    await storage.takeOverBucket({ tenant, bucket: finding.resource });
  }
  const permission = storedDecision.parse(finding.decision)?.permission;
  if (finding.kind === "key_only_at_engine" && permission) {
    const active = found.engineSays?.active === true;
    const grant = adoptedGrant(finding.engineSays?.grant, permission);
    await storage.setAccessKeyActive({ tenant, user: finding.resource, active, ...grant });
  }
}

async function undo(context: Context, finding: Decided, now: Look): Promise<void> {
  const { id } = finding;
  const found = find(finding, now);
  // Done by an earlier try, or by somebody at the engine: it is as it was asked for.
  if (!found) return void (await closeFinding(context, { id, outcome: "undone" }));
  const removes = finding.kind === "bucket_only_at_engine" || finding.kind === "key_only_at_engine";
  if (removes && !isStillAsShown(finding, found)) return reopenAsChanged(context, id, found);
  await setEngineBack(finding.accountId, found, now);
  await closeFinding(context, { id, outcome: "undone" });
}

/** The finding as it is now; undefined where it is none any more. Throws while the console changes the thing. */
function find(finding: Decided, { differences, changing }: Look): Difference | undefined {
  if (changing.has(subjectOf(finding))) throw new Error("the console is changing the thing itself");
  return differences.find((difference) => keyOf(difference) === keyOf(finding));
}

/** Leaves out what a try before this one may have changed itself. */
function isStillAsShown(finding: Decided, found: Difference): boolean {
  const says = ({ engineSays }: Difference) => {
    const { ownerUser: _, grant, ...rest } = engineSays ?? {};
    const isOurs = finding.kind === "key_only_at_engine" && finding.engineSays?.grant === "unknown";
    return isOurs ? rest : { ...rest, grant };
  };
  return isDeepStrictEqual(says(finding), says(found));
}

async function reopenAsChanged(context: Context, id: string, found: Difference): Promise<void> {
  const { consoleSays, engineSays } = found;
  await reopenFinding(context, { id, problem: "changed", sides: { consoleSays, engineSays } });
}
