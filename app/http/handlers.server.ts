import { data, type RouterContextProvider, redirect } from "react-router";
import type { z } from "zod";
import type { Command } from "#app/domain/command.ts";
import { type Access, type Actor, type Context, noAccess } from "#app/domain/context.ts";
import { DomainError } from "#app/domain/errors.ts";
import type { SessionUser } from "#app/domain/identity/sessions/sessions.ts";
import type { SignedInUser } from "#app/ui/layout/person-shell.tsx";
import { bodyContext, requestContext, tenantContext, visitContext } from "./context.ts";
import { errorPage, problem, statusOf } from "./errors.server.ts";
import { leaveFlash } from "./flash.server.ts";
import { keepPostedForm } from "./form-drafts.server.ts";
import { inputOf, parseForm, refusedSubmission } from "./forms.server.ts";
import { localeOf, translator } from "./i18n.server.ts";
import { withReturnTo } from "./session.server.ts";

type RouteContext = Readonly<RouterContextProvider>;
interface Args {
  context: RouteContext;
}

/** The caller as the domain sees them. */
export function domainContext(context: RouteContext): Context {
  const { id: requestId, address, userAgent } = context.get(requestContext);
  const { user } = context.get(visitContext);
  const tenant = context.get(tenantContext);
  const actor: Actor = user ? { kind: "user", userId: user.userId } : { kind: "anonymous" };
  return {
    actor,
    session: user ? { id: user.sessionId, authenticatedAt: user.authenticatedAt } : null,
    accountId: tenant?.accountId ?? null,
    access: tenant?.access ?? accessOutsideAccounts(user),
    origin: { requestId, address, userAgent },
    locale: localeOf(context),
  };
}

function accessOutsideAccounts(user: SessionUser | null): Access {
  if (!user) return noAccess;
  const { providerRole, hasSecondFactor } = user;
  return { ...noAccess, providerRole, secondFactorMissing: providerRole !== null && !hasSecondFactor };
}

/** For loaders: reads, and shows the error page where the domain refuses or something fails. */
export async function load<Output>(
  { context }: Args,
  read: (context: Context) => Promise<Output>,
): Promise<Output> {
  return orErrorPage(context, () => read(domainContext(context)));
}

/** What is thrown and is no error (a redirect, an error page) is an answer already. */
async function orErrorPage<Output>(context: RouteContext, attempt: () => Promise<Output>): Promise<Output> {
  try {
    return await attempt();
  } catch (error) {
    throw error instanceof Error ? refusalOnPage(error, context) : error;
  }
}

/** What a page answers where the domain refuses: the way to what is missing, or else the error page. */
export function refusalOnPage(error: Error, context: RouteContext) {
  const here = context.get(requestContext).path ?? "/";
  if (error instanceof DomainError && error.code === "reauthentication-required")
    return redirect(withReturnTo("/reauthentication", here));
  if (error instanceof DomainError && error.code === "second-factor-required")
    return redirect(withReturnTo("/me/security/second-factor/new", here));
  return errorPage(error, context);
}

/** These end the page; everything else is said on the form, with what was typed still in it. */
const endsThePage = new Set([401, 403, 404]);

/**
 * For actions of pages: runs a command with the posted form. On success the answer is `onSuccess`'s;
 * where the input or a rule refuses, the form is shown again.
 *
 * `extra` is input that does not come from the form, such as an id in the address.
 */
export async function submit<Schema extends z.ZodType, Output, Answer>(
  { context }: Args,
  command: Command<Schema, Output>,
  onSuccess: (output: Output) => Answer | Promise<Answer>,
  extra: Partial<z.input<Schema>> = {},
) {
  return submitWith({ context }, (domain, input) => command(domain, { ...input, ...extra }), onSuccess);
}

/** `submit` where the command takes another input than the form, such as an id in the address that may be none. */
export async function submitWith<Output, Answer>(
  { context }: Args,
  run: (context: Context, input: Record<string, unknown>) => Promise<Output>,
  onSuccess: (output: Output) => Answer | Promise<Answer>,
) {
  const submission = await orErrorPage(context, async () => parseForm(await postedForm({ context })));
  let output: Output;
  try {
    output = await run(domainContext(context), inputOf(submission));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error instanceof Error ? errorPage(error, context) : error;
    const status = statusOf(error, context);
    // Wrong credentials are said on the form that they were typed into.
    if (endsThePage.has(status) && error.code !== "wrong-credentials")
      throw await refusalOfForm(error, context);
    return data(refusedSubmission(submission, error, translator(context)), { status });
  }
  return onSuccess(output);
}

/** Where the refusal leads to another page and back, what was typed is there again. */
async function refusalOfForm(error: Error, context: RouteContext) {
  const refusal = refusalOnPage(error, context);
  const { user } = context.get(visitContext);
  if (refusal instanceof Response && user) await keepPostedForm(refusal, context, user.userId);
  return refusal;
}

/** The posted form; the error page where it cannot be read. */
export async function postedForm({ context }: Args): Promise<FormData> {
  return orErrorPage(context, async () => (await context.get(bodyContext)?.form()) ?? new FormData());
}

/** For resource routes under /api: JSON out, a problem document where the domain refuses. */
export async function respond<Output>(
  { context }: Args,
  run: (context: Context) => Promise<Output>,
  init: ResponseInit = {},
): Promise<Response> {
  try {
    return new Response(toJson(await run(domainContext(context))), {
      ...init,
      headers: { "Content-Type": "application/json", ...init.headers },
    });
  } catch (error) {
    return problem(error, context);
  }
}

/** `respond` for a command, whose input is the JSON body and `extra`. */
export function respondTo<Schema extends z.ZodType, Output>(
  args: Args,
  command: Command<Schema, Output>,
  init: ResponseInit = {},
  extra: Record<string, unknown> = {},
): Promise<Response> {
  return respond(args, (domain) => command(domain, { ...postedJson(args.context), ...extra }), init);
}

/** The JSON body, an object; empty where nothing was sent. Throws `unreadable-body` for anything else. */
export function postedJson(context: RouteContext): Record<string, unknown> {
  const posted = context.get(bodyContext);
  const body = posted ? posted.json() : {};
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new DomainError("unreadable-body");
  return body as Record<string, unknown>;
}

/**
 * Only the methods a resource route names are answered; `handlers` has one function each. A body that
 * cannot be read is refused first, also by those that need none.
 */
export function byMethod(
  args: Args & { request: Request },
  handlers: Partial<Record<"post" | "put" | "patch" | "delete", () => Promise<Response>>>,
): Promise<Response> | Response {
  const handler = handlers[args.request.method.toLowerCase() as keyof typeof handlers];
  if (!handler) return problem(new DomainError("method-not-allowed"), args.context);
  try {
    postedJson(args.context);
  } catch (error) {
    return problem(error, args.context);
  }
  return handler();
}

/** bigints are decimal strings. */
function toJson(value: unknown): string {
  return JSON.stringify(value ?? {}, (_, inner: unknown) =>
    typeof inner === "bigint" ? inner.toString() : inner,
  );
}

/** Goes on to another page of ours, which says that it worked. */
export function redirectWithFlash(to: string, text: string): Promise<Response> {
  return withFlash(redirect(to), text);
}

/** Lets the page that the response leads to say that it worked. */
export async function withFlash(response: Response, text: string): Promise<Response> {
  response.headers.append("Set-Cookie", await leaveFlash({ tone: "success", text }));
  return response;
}

/** A path of ours from `?returnTo=`, or the fallback: never another site (ASVS 3.7.2). */
export function ownPath(candidate: string | null | undefined, fallback: string): string {
  if (!candidate?.startsWith("/") || candidate.includes("\\")) return fallback;
  const url = URL.parse(candidate, "http://own.invalid");
  if (url?.origin !== "http://own.invalid") return fallback;
  // Looked at once it is resolved: `/.//elsewhere.example` becomes `//elsewhere.example`, another site.
  const path = url.pathname + url.search;
  return path.startsWith("//") ? fallback : path;
}

/** Who is signed in, for the frame of the page. Behind `signedInMiddleware`. */
export function signedInUser(context: RouteContext): SignedInUser {
  const { user } = context.get(visitContext);
  if (!user) throw errorPage(new DomainError("unauthenticated"), context);
  return { name: user.name, email: user.email, isStaff: user.providerRole !== null };
}

/** Loader of a resource route that is not read. */
export function methodNotAllowed({ context }: Args): Response {
  return problem(new DomainError("method-not-allowed"), context);
}
