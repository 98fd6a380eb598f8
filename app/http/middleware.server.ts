import { type MiddlewareFunction, type RouterContextProvider, redirect } from "react-router";
import { findAccountId } from "#app/domain/accounts/read-accounts.ts";
import type { Action } from "#app/domain/authorization.ts";
import { recordRefusal } from "#app/domain/command.ts";
import { DomainError } from "#app/domain/errors.ts";
import { readAccess } from "#app/domain/identity/read-access.ts";
import { findSession } from "#app/domain/identity/sessions/sessions.ts";
import { isUser } from "#app/domain/identity/staff/read-users.ts";
import { newToken } from "#app/domain/identity/token.ts";
import { isStorable, readBody } from "./body.server.ts";
import {
  bodyContext,
  requestContext,
  type Tenant,
  tenantContext,
  uploadContext,
  visitContext,
} from "./context.ts";
import { readingMethods, refuseCrossSite } from "./cross-site.server.ts";
import { problem } from "./errors.server.ts";
import { forgetPostedForm, keepPostedForm } from "./form-drafts.server.ts";
import { domainContext, refusalOnPage } from "./handlers.server.ts";
import { formTokenFor, readSessionToken, sessionCookie, withReturnTo } from "./session.server.ts";
import { carriesFiles, openUpload } from "./upload-body.server.ts";

type ServerMiddleware = MiddlewareFunction<Response>;
type Context = Readonly<RouterContextProvider>;

const pageMethods = ["GET", "HEAD", "POST"];
const resourceMethods = [...pageMethods, "PUT", "PATCH", "DELETE"];

/** Names in addresses that stand for something else than an id: all others must be UUIDs. */
const namesWithoutId = new Set(["account", "token", "provider", "message", "*"]);

/** First of all: notes the route for the log line, and keeps answers out of shared caches. */
export const requestMiddleware: ServerMiddleware = async (args, next) => {
  const { request, context, pattern, params, url } = args;
  const info = context.get(requestContext);
  // React Router leaves out the first slash; what is empty then is the start page.
  info.route = `/${pattern.replace(/^\//, "")}`;
  info.path = url.pathname + url.search;
  return refusing(url, context, async () => {
    // React Router runs an action for PUT and DELETE as for POST, and a resource's loader for OPTIONS.
    const methods = isApi(url) ? resourceMethods : pageMethods;
    if (!methods.includes(request.method)) throw new DomainError("method-not-allowed");
    // A browser or a proxy may have decoded what PostgreSQL cannot hold.
    if (!Object.values(params).every((text) => isStorable(text ?? "")) || !isReadableQuery(request.url)) {
      throw new DomainError("not-found");
    }
    for (const [name, value] of Object.entries(params)) if (!namesWithoutId.has(name)) uuidOr404(value);
    const response = await next();
    // Set here, since headers that an action sets are lost on the document that it renders.
    response.headers.set("Cache-Control", "no-store");
    if (info.retryAfterSeconds) response.headers.set("Retry-After", String(info.retryAfterSeconds));
    await context.get(uploadContext)?.discard();
    return response;
  });
};

/**
 * Whether a query is text throughout: UTF-8 without NUL and without lone surrogates. Looked at as it came, since
 * URLSearchParams, and React Router's `url` with it, puts U+FFFD where it was not: the name of an object may hold one.
 */
function isReadableQuery(address: string): boolean {
  try {
    return !decodeURIComponent(new URL(address).search).includes("\0");
  } catch {
    return false;
  }
}

/** Finds out who is there, and refuses a change that does not come from a page of ours. */
export const visitMiddleware: ServerMiddleware = async ({ request, context, url, pattern }, next) =>
  refusing(url, context, async () => {
    const given = await readSessionToken(request);
    const session = given ? await findSession(given) : null;
    const user = session?.kind === "user" ? session.user : null;
    const token = given ?? newToken();
    context.set(visitContext, {
      user,
      secondFactorDue: session?.kind === "second-factor-due" ? session : null,
      expiredUserId: session?.kind === "expired" ? session.userId : null,
      formToken: formTokenFor(token),
    });
    if (user) context.get(requestContext).actorId = user.userId;

    if (!readingMethods.has(request.method)) {
      const upload = carriesFiles(request, pattern) ? openUpload(request) : null;
      context.set(uploadContext, upload);
      const body = upload ?? (await readBody(request));
      await refuseCrossSite(request, body, given);
      context.set(bodyContext, body);
    }
    const response = await next();
    const hasOwn = response.headers
      .getSetCookie()
      .some((cookie) => cookie.startsWith(`${sessionCookie.name}=`));
    if (!given && !hasOwn) response.headers.append("Set-Cookie", await sessionCookie.serialize(token));
    return response;
  });

/** Pages for people who are signed in; others sign in first and come back. */
export const signedInMiddleware: ServerMiddleware = async ({ request, context, url }, next) => {
  const { user, secondFactorDue, expiredUserId } = context.get(visitContext);
  if (user) {
    const response = await next();
    if (!readingMethods.has(request.method)) await forgetPostedForm(request, context, response);
    return response;
  }
  if (isApi(url)) return problem(new DomainError("unauthenticated"), context);
  const response = redirect(
    withReturnTo(secondFactorDue ? "/login/second-factor" : "/login", url.pathname + url.search),
  );
  if (expiredUserId) await keepPostedForm(response, context, expiredUserId);
  throw response;
};

/** Pages of the provider's staff. */
export const staffMiddleware: ServerMiddleware = async ({ context, url }, next) =>
  refusing(url, context, async () => {
    const { user } = context.get(visitContext);
    if (!user?.providerRole) throw new DomainError("forbidden");
    if (!user.hasSecondFactor) throw new DomainError("second-factor-required");
    return next();
  });

/** Resolves `:account` through the actor's membership; what is not theirs does not exist. */
export const tenantMiddleware = tenantMiddlewareFor((access) => access.memberRole !== null);
/** Resolves `:account` for the provider's staff. */
export const staffTenantMiddleware = tenantMiddlewareFor((access) => access.providerRole !== null);

/** Resolves `:user` for the provider's staff: who is nobody is not found on any page about them. */
export const userMiddleware: ServerMiddleware = async ({ params, context, url }, next) =>
  refusing(url, context, async () => {
    if (!(await isUser(uuidOr404(params.user)))) throw new DomainError("not-found");
    return next();
  });

function tenantMiddlewareFor(belongs: (access: Tenant["access"]) => boolean): ServerMiddleware {
  return async ({ params, context, url }, next) =>
    refusing(url, context, async () => {
      await resolveTenant(context, params.account ?? "", isApi(url), belongs);
      return next();
    });
}

/** By slug in pages, by id in the API. Throws `not-found`, and writes down a reach for another's account. */
async function resolveTenant(
  context: Context,
  name: string,
  byId: boolean,
  belongs: (access: Tenant["access"]) => boolean,
) {
  const { user } = context.get(visitContext);
  if (!user) throw new DomainError("unauthenticated");
  const accountId = await findAccountId(byId ? { id: uuidOr404(name) } : { slug: name });
  if (!accountId) throw new DomainError("not-found");
  const access = await readAccess(user.userId, accountId);
  if (!belongs(access)) {
    const refusal = new DomainError("not-found");
    const action: Action = "accounts:read";
    await recordRefusal({ ...domainContext(context), accountId, access }, action, refusal);
    throw refusal;
  }
  if (access.secondFactorMissing) throw new DomainError("second-factor-required");
  context.set(tenantContext, { accountId, access });
  context.get(requestContext).accountId = accountId;
}

/** An id in an address that is no UUID names nothing. */
export function uuidOr404(id: string | undefined): string {
  if (!id || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new DomainError("not-found");
  return id;
}

function isApi(url: URL): boolean {
  return url.pathname.startsWith("/api/");
}

/**
 * A refusal in a middleware is a problem document under /api and an error page elsewhere, and so is a
 * failure. What is thrown and is no error (a redirect) is an answer already.
 */
async function refusing(url: URL, context: Context, run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (isApi(url)) return problem(error, context);
    throw refusalOnPage(error, context);
  }
}
