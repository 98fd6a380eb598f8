import { createContext, RouterContextProvider } from "react-router";
import type { Access } from "#app/domain/context.ts";
import type { SessionUser } from "#app/domain/identity/sessions/sessions.ts";
import type { Body } from "./body.server.ts";
import type { UploadBody } from "./upload-body.server.ts";

/** The nonce of this response's Content-Security-Policy; every script that we send carries it. */
export const nonceContext = createContext<string>("");

/** One request, from the server that received it. What is learned on the way ends up in its log line. */
export interface RequestInfo {
  id: string;
  /** The client's address, as far as the configured proxy can be believed. */
  address: string | null;
  userAgent: string | null;
  actorId?: string;
  accountId?: string;
  /** The route's pattern, `/accounts/:account/buckets`. */
  route?: string;
  /** The page's path and query, to come back to. It may hold a token: never logged. */
  path?: string;
  /** Where the answer is that it was too much: when it is worth trying again. */
  retryAfterSeconds?: number;
}

/** Set by `beginRequest`. */
export const requestContext = createContext<RequestInfo>();

/** Who is signed in, and the visitor's token for forms. */
export interface Visit {
  user: SessionUser | null;
  /** Signed in but for the code of the second factor: nobody, as far as pages are concerned. */
  secondFactorDue: { sessionId: string; userId: string } | null;
  /** Whose session it was that is over. */
  expiredUserId: string | null;
  formToken: string;
}

/** Set by visitMiddleware. */
export const visitContext = createContext<Visit>();

/** The account in the address and the visitor's part in it; set by the tenant middleware. */
export interface Tenant {
  accountId: string;
  access: Access;
}

/** Null on pages outside of an account. */
export const tenantContext = createContext<Tenant | null>(null);

/** The body of a request that changes something; null for one that only reads. */
export const bodyContext = createContext<Body | null>(null);

/** The same body where it is a form with files, which arrives while it is worked on; null for all others. */
export const uploadContext = createContext<UploadBody | null>(null);

/** What the server in front (server.ts, or a test) knows of a request. */
export interface IncomingRequest {
  info: RequestInfo;
  nonce: string;
}

/**
 * Begins a request's context. The server reaches it through the build (entry.server.tsx), because
 * a context set from a second copy of this module would not be found by the routes.
 */
export function beginRequest({ info, nonce }: IncomingRequest): RouterContextProvider {
  const context = new RouterContextProvider();
  context.set(requestContext, info);
  context.set(nonceContext, nonce);
  return context;
}
