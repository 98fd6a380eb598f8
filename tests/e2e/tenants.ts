// Accounts to begin a journey with. Made by the forms' own requests: how their pages look is another journey's matter.
import { setTimeout as sleep } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import type { APIRequestContext, APIResponse } from "@playwright/test";
import { newCpf } from "#tests/support/documents.ts";
import { type Installation, type ProjectName, queryAsOwner } from "#tests/support/installation.ts";
import { codeOf, offerOn } from "#tests/support/second-factor.ts";
import { expect, type Person } from "./journey.ts";
import { linkInMailTo } from "./mailbox.ts";
import type { Credentials } from "./people.ts";

/** An active account, as its owner has it. */
export interface Tenant {
  id: string;
  /** The path of its pages. */
  home: string;
  /** Makes a bucket and waits until it is there; answers the path of its pages. */
  createBucket: (name: string) => Promise<string>;
  /** A client with a new key for all buckets. */
  createClient: () => Promise<S3Client>;
  /** Sends a form of the console as its owner's browser would, without the page that it leads to. */
  post: (path: string, form: Record<string, string>) => Promise<APIResponse>;
}

export interface TenantInput {
  balde: Installation;
  project: ProjectName;
  owner: Credentials;
  accountName: string;
}

/** Signs the owner up and in, and has the account approved by an operator who is made for that. */
export async function openTenant(
  owners: Person,
  operators: Person,
  { balde, project, owner, accountName }: TenantInput,
): Promise<Tenant> {
  const operator = { ...owner, name: `Operador de ${accountName}`, email: `operador.${owner.email}` };
  await Promise.all([
    signUpUnseen(owners, balde, owner, accountName),
    signUpUnseen(operators, balde, operator, `Operação de ${accountName}`),
  ]);
  await makeOperator(operators, balde, project, operator.email);

  const browser = owners.page.context().request;
  const { id, slug } = (await ownAccounts(browser))[0] ?? { id: "", slug: "" };
  const approval = await send(
    operators.page.context().request,
    balde,
    `/admin/accounts/${slug}/approval`,
    {},
  );
  expect(approval.status()).toBe(302);
  await expect.poll(async () => (await ownAccounts(browser))[0]?.state, { timeout: 30_000 }).toBe("active");

  const home = `/accounts/${slug}`;
  const ask = async <Answer>(path: string, body: Record<string, unknown>): Promise<Answer> => {
    const answer = await browser.post(`/api/accounts/${id}/${path}`, {
      data: body,
      headers: { Origin: balde.console },
    });
    expect([path, answer.status()]).toEqual([path, 201]);
    return (await answer.json()) as Answer;
  };
  return {
    id,
    home,
    async createBucket(name) {
      const bucket = await ask<{ id: string }>("buckets", { name });
      const state = async () =>
        (await (await browser.get(`/api/accounts/${id}/buckets/${bucket.id}`)).json()).state;
      await expect.poll(state, { timeout: 30_000, intervals: [100, 200, 400] }).toBe("active");
      return `${home}/buckets/${bucket.id}`;
    },
    async createClient() {
      const made = {
        name: "cliente",
        permission: "read_write",
        scope: "all",
        requestId: crypto.randomUUID(),
      };
      return clientWith(
        balde,
        await ask<{ accessKeyId: string; secretAccessKey: string }>("access-keys", made),
      );
    },
    post: (path, form) => send(browser, balde, path, form),
  };
}

/** A program with this key. It does not try again: what is refused is seen at once. */
export function clientWith(
  balde: Installation,
  { accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string },
): S3Client {
  return new S3Client({
    endpoint: balde.storage,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey },
  });
}

async function signUpUnseen(
  { page }: Person,
  balde: Installation,
  { name, email, password }: Credentials,
  accountName: string,
): Promise<void> {
  const browser = page.context().request;
  await send(browser, balde, "/signup", { name, email, password, accountName, document: newCpf() });
  const link = await linkInMailTo(balde.mailbox, email, `${balde.console}/verify-email/`);
  expect((await send(browser, balde, link, { password })).status()).toBe(302);
}

/** As the server's shell would, and then by the page for the second factor, which who works for the provider needs. */
async function makeOperator(
  { page }: Person,
  balde: Installation,
  project: ProjectName,
  email: string,
): Promise<void> {
  await firstOperator(project);
  await queryAsOwner(project, `UPDATE "user" SET provider_role = 'operator' WHERE email = $1`, [email]);
  const browser = page.context().request;
  const path = "/me/security/second-factor/new";
  const { secret, sealedSecret } = offerOn(await (await browser.get(path)).text());
  const enabled = await send(browser, balde, path, { sealedSecret, code: codeOf(secret) });
  expect(enabled.status()).toBe(201);
}

/**
 * Waits until the main job has made the first operator by the one-time link, which another one would end. Files run in the
 * order of their names: it has begun by now, unless it is no part of this run.
 */
async function firstOperator(project: ProjectName): Promise<void> {
  const operators = () => queryAsOwner(project, `SELECT 1 FROM "user" WHERE provider_role = 'operator'`);
  const deadline = Date.now() + 45_000;
  while ((await operators()).length === 0 && Date.now() < deadline) await sleep(250);
}

async function ownAccounts(
  browser: APIRequestContext,
): Promise<{ id: string; slug: string; state: string }[]> {
  return (await (await browser.get("/api/accounts")).json()).accounts;
}

/** Shares the browser's cookies. */
function send(
  browser: APIRequestContext,
  balde: Installation,
  path: string,
  form: Record<string, string>,
): Promise<APIResponse> {
  const headers = { Origin: balde.console, "Accept-Language": "pt-BR" };
  return browser.post(path, { form, headers, maxRedirects: 0 });
}
