import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import type { FaultInstallation } from "#tests/support/fault-installation.ts";
import { accountRow, insertPendingAccount, post } from "#tests/support/fault-scenario.ts";

/** What the console answered to one request, and how long somebody waited for it. */
export interface Answer {
  what: string;
  status: number;
  ms: number;
  body: Record<string, unknown>;
}

/** A key as its form knows it: posted again with the same request id, it must not make a second one. */
export interface KeyForm {
  name: string;
  requestId: string;
}

/** An account of the installation, and somebody who works with it: everything goes through the console's HTTP. */
export interface AccountAtWork {
  id: string;
  slug: string;
  createBucket(name: string): Promise<Answer>;
  createKey(form: KeyForm): Promise<Answer>;
  revokeKey(id: string): Promise<Answer>;
  /** A page of the console by its address. */
  open(path: string): Promise<Answer>;
}

/** An approved account that is active; the operator is its owner, so that one session does everything. */
export async function openAccount(
  installation: FaultInstallation,
  cookie: string,
  slug: string,
): Promise<AccountAtWork> {
  const id = await insertPendingAccount(installation, slug);
  await approve(installation, cookie, id);
  await expect
    .poll(async () => (await accountRow(installation, id))?.state, { timeout: 60_000, interval: 200 })
    .toBe("active");
  await installation.query(
    `INSERT INTO member (id, account_id, user_id, role)
     SELECT gen_random_uuid(), $1, id, 'owner' FROM "user" WHERE provider_role = 'operator'`,
    [id],
  );
  await installation.query("UPDATE quota SET limit_value = 1000 WHERE account_id = $1", [id]);

  const send = (what: string, path: string, body: Record<string, unknown>) =>
    timed(what, () => post(installation, cookie, path, body));
  const api = `/api/accounts/${id}`;
  return {
    id,
    slug,
    createBucket: (name) => send(`create bucket ${name}`, `${api}/buckets`, { name }),
    createKey: ({ name, requestId }) =>
      send(`create key ${name}`, `${api}/access-keys`, {
        name,
        requestId,
        permission: "read_write",
        scope: "all",
      }),
    revokeKey: (key) => send(`revoke key ${key}`, `${api}/access-keys/${key}/revoke`, {}),
    open: (path) =>
      timed(`open ${path}`, () =>
        fetch(`${installation.console}${path}`, { headers: { Cookie: cookie }, redirect: "manual" }),
      ),
  };
}

/** Approves a pending account. */
export async function approve(
  installation: FaultInstallation,
  cookie: string,
  accountId: string,
): Promise<Answer> {
  const path = `/api/admin/accounts/${accountId}/approve`;
  const answer = await timed(`approve ${accountId}`, () => post(installation, cookie, path));
  expect(answer).toMatchObject({ status: 200 });
  return answer;
}

export const newKeyForm = (name: string): KeyForm => ({ name, requestId: randomUUID() });

/** The key that an answer shows, once. */
export function shownKey({ what, status, body }: Answer): AccessKeyPair & { id: string } {
  if (status !== 201) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body as unknown as AccessKeyPair & { id: string };
}

async function timed(what: string, send: () => Promise<Response>): Promise<Answer> {
  const startedAt = performance.now();
  const response = await send();
  const text = await response.text();
  const ms = Math.round(performance.now() - startedAt);
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return { what, status: response.status, ms, body: isJson ? JSON.parse(text) : {} };
}
