import type { RouteConfigEntry } from "@react-router/dev/routes";
import routeConfig from "#app/routes.ts";
import { build } from "./app.ts";

/** An address of the application, as app/routes.ts has it. */
export interface Address {
  /** The route module's file under app/, without its ending: React Router's id of the route. */
  id: string;
  /** `/accounts/:account/buckets`; a splat ends in `*`. */
  pattern: string;
  /** Names in the pattern, `["account"]`. */
  params: string[];
  /** Whose it is: the provider's staff's, one account's, or neither's. */
  area: "provider" | "account" | "other";
  /** Speaks JSON, and problem documents where it refuses. */
  isApi: boolean;
  /** Shows a page; otherwise it answers with JSON, text or a redirect. */
  isPage: boolean;
  hasLoader: boolean;
  hasAction: boolean;
  /** Ids of the routes around it, outermost first, itself last. */
  chain: string[];
}

/** Every address, in the order of app/routes.ts. New routes come in by themselves. */
export const addresses: Address[] = walk(routeConfig, "", []);

function walk(entries: RouteConfigEntry[], base: string, around: string[]): Address[] {
  return entries.flatMap((entry) => {
    const id = entry.id ?? entry.file.replace(/\.tsx?$/, "");
    const path = [base, entry.path].filter(Boolean).join("/");
    const chain = [...around, id];
    if (entry.children?.length) return walk(entry.children, path, chain);
    return [addressOf(id, `/${path}`, chain)];
  });
}

function addressOf(id: string, pattern: string, chain: string[]): Address {
  const route = build.routes[id];
  if (!route) throw new Error(`${id} is in app/routes.ts and not in the build: run npm run build`);
  const { module } = route;
  return {
    id,
    pattern,
    params: [...pattern.matchAll(/:(\w+)/g)].map(([, name]) => name ?? ""),
    area: areaOf(pattern),
    isApi: pattern.startsWith("/api/"),
    isPage: module.default !== undefined,
    hasLoader: module.loader !== undefined,
    hasAction: module.action !== undefined,
    chain,
  };
}

function areaOf(pattern: string): Address["area"] {
  if (/^(\/api)?\/admin(\/|$)/.test(pattern)) return "provider";
  return pattern.includes("/:account") ? "account" : "other";
}

/** The address with values in the place of its names; a value may hold anything that an address may. */
export function fill(pattern: string, values: Record<string, string>): string {
  return pattern
    .replace(/:(\w+)/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${pattern}: the test makes nothing for :${name} yet`);
      return value;
    })
    .replace(/\*$/, "no/such/page");
}

/** Open to strangers, on purpose. Whatever is not named here asks for a session. */
const open = new Set([
  "routes/home",
  "routes/healthz",
  "routes/readyz",
  "routes/language",
  "routes/theme",
  "routes/auth/setup",
  "routes/auth/recovery",
  "routes/auth/signup",
  "routes/auth/signup-sent",
  "routes/auth/verify-email",
  "routes/auth/signup-provider",
  "routes/auth/provider",
  "routes/auth/provider-callback",
  "routes/auth/login",
  "routes/auth/forgot-password",
  "routes/auth/forgot-password-sent",
  "routes/auth/reset-password",
  "routes/auth/logout",
  "routes/auth/invitation",
  "routes/auth/invitation-refusal",
  "routes/auth/invitation-mail",
  "routes/api/not-found",
  "routes/not-found",
]);

export function isOpen({ id }: Address): boolean {
  return open.has(id);
}
