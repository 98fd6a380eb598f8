import { setTimeout as sleep } from "node:timers/promises";
import { db } from "#app/ports/db.server.ts";
import { systemContext } from "../context.ts";
import { type Difference, keyOf, saysTheSame, storedSides, subjectOf } from "./findings.ts";
import { type Look, look } from "./look.ts";
import { noteCheck } from "./note-check.ts";
import { recordFindings } from "./record-findings.ts";

/** Long enough for what was just then being done at the engine to be over. */
const secondLookAfterMs = 2_000;

interface CheckOptions {
  /** See {@link look}. */
  users?: readonly string[] | undefined;
  pauseMs?: number | undefined;
}

/**
 * Compares one account with the engine and keeps what came of it. Whatever would be news (a difference, or one
 * that is gone) is looked at a second time after a pause, and is believed only if it is still so: the first look
 * may have fallen into the middle of something that the console itself was doing.
 *
 * Throws what the engine said, and leaves everything as it was. Safe to repeat and to run twice at once.
 */
export async function checkAccount(
  accountId: string,
  jobId: string,
  { users, pauseMs = secondLookAfterMs }: CheckOptions = {},
): Promise<void> {
  const first = await look(accountId, users);
  if (!first) return;
  const live = await liveFindings(accountId);
  if (!isNews(first, live)) return noteCheck(accountId, first.at);

  await sleep(pauseMs);
  const second = await look(accountId);
  if (!second) return;
  await recordFindings(systemContext("reconcile", accountId, jobId), {
    at: second.at,
    present: second.differences.filter((found) => agrees(first, found) && !isUnderWay(found, live)),
    gone: live.filter((finding) => isGone(finding, first) && isGone(finding, second)).map(({ id }) => id),
  });
  await noteCheck(accountId, second.at);
}

type LiveFinding = Difference & { id: string; isOpen: boolean };

async function liveFindings(accountId: string): Promise<LiveFinding[]> {
  const rows = await db.finding.findMany({
    where: { accountId, state: { not: "closed" } },
    select: { id: true, kind: true, resource: true, state: true, sides: true },
  });
  return rows.map(({ state, sides, ...row }) => ({
    ...row,
    isOpen: state === "open",
    ...storedSides.parse(sides),
  }));
}

/** Whether the look found anything but what is known: a finding more, one less, or one that reads differently. */
function isNews(found: Look, live: readonly LiveFinding[]): boolean {
  const known = new Map(live.map((finding) => [keyOf(finding), finding]));
  return (
    found.differences.some((difference) => {
      const finding = known.get(keyOf(difference));
      return !finding || !saysTheSame(finding, difference);
    }) || live.some((finding) => isGone(finding, found))
  );
}

function isGone(finding: LiveFinding, { differences, changing }: Look): boolean {
  if (!finding.isOpen || changing.has(subjectOf(finding))) return false;
  return !differences.some((difference) => keyOf(difference) === keyOf(finding));
}

function agrees({ differences }: Look, found: Difference): boolean {
  return differences.some((other) => keyOf(other) === keyOf(found) && saysTheSame(other, found));
}

/** While somebody's decision on the same thing is being carried out, the thing is in motion. */
function isUnderWay(found: Difference, live: readonly LiveFinding[]): boolean {
  return live.some((finding) => !finding.isOpen && subjectOf(finding) === subjectOf(found));
}
