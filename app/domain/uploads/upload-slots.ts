import { DomainError } from "../errors.ts";

/** Each may hold three parts of 8 MiB: what all of them take together bounds the memory of this process. */
const mostAtOnce = 8;
/** One account's uploads leave room for the others'. */
const mostOfAccount = 3;
/** Well below the silence after which a connection is cut (server.ts): who waits sends nothing. */
const patienceMs = 30_000;

interface Waiting {
  accountId: string;
  begin: () => void;
}

const running = new Map<string, number>();
const waiting: Waiting[] = [];

/**
 * Runs an upload through this process when there is room for it: some at once, and fewer of one account. Waits for half
 * a minute, first come first served among those that may begin; throws `too-many-uploads` after that.
 */
export async function withUploadSlot<Output>(
  accountId: string,
  work: () => Promise<Output>,
): Promise<Output> {
  if (hasRoom(accountId)) take(accountId);
  else await turnOf(accountId);
  try {
    return await work();
  } finally {
    giveBack(accountId);
  }
}

function turnOf(accountId: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry: Waiting = {
      accountId,
      begin() {
        clearTimeout(patience);
        resolve();
      },
    };
    const patience = setTimeout(() => {
      waiting.splice(waiting.indexOf(entry), 1);
      reject(new DomainError("too-many-uploads", { seconds: 60 }));
    }, patienceMs);
    waiting.push(entry);
  });
}

function hasRoom(accountId: string): boolean {
  const all = [...running.values()].reduce((sum, count) => sum + count, 0);
  return all < mostAtOnce && (running.get(accountId) ?? 0) < mostOfAccount;
}

function take(accountId: string): void {
  running.set(accountId, (running.get(accountId) ?? 0) + 1);
}

function giveBack(accountId: string): void {
  const left = (running.get(accountId) ?? 0) - 1;
  if (left > 0) running.set(accountId, left);
  else running.delete(accountId);
  const next = waiting.findIndex((entry) => hasRoom(entry.accountId));
  const [entry] = next < 0 ? [] : waiting.splice(next, 1);
  if (!entry) return;
  // Taken for it here, so that nobody can slip in between.
  take(entry.accountId);
  entry.begin();
}
