import { z } from "zod";
import { EnvironmentError, parseEnvironment } from "./environment.ts";

interface ProviderSettings {
  /** Stands in `/auth/:provider` and in the names of the settings. */
  id: string;
  /** What people read on its button. */
  name: string;
  clientId: string;
  /** Null for a public client, which PKCE alone protects. */
  clientSecret: string | null;
  scopes: string[];
  /** It is believed about verified addresses of these domains, in lower case, and about no others. */
  trustedDomains: string[];
  /**
   * First half of an identity's key. OpenID Connect's own issuer; for plain OAuth 2.0, which has none, the address that
   * says who somebody is.
   */
  issuer: string;
  /** Where the way to its sign-in page leads over: a browser follows our form to no other origin (CSP form-action). */
  origins: string[];
}

/** OpenID Connect: everything else is discovered from the issuer. */
export interface OidcProvider extends ProviderSettings {
  kind: "oidc";
}

/** Plain OAuth 2.0: no ID token, a userinfo endpoint says who somebody is. */
export interface OAuth2Provider extends ProviderSettings {
  kind: "oauth2";
  authorizationEndpoint: string;
  tokenEndpoint: string;
  userinfoEndpoint: string;
  /** Names in the userinfo endpoint's answer. */
  claims: {
    /** Null for whichever of `sub` and `id` is there. */
    subject: string | null;
    email: string;
    /** Null where the provider does not say: no address of its counts as verified. */
    emailVerified: string | null;
    name: string;
  };
}

export type SignInProvider = OidcProvider | OAuth2Provider;

const providerList = z.object({
  SIGN_IN_PROVIDERS: z
    .string()
    .default("")
    .transform((list) => words(list, ","))
    .refine((ids) => ids.every((id) => /^[a-z][a-z0-9-]{0,30}$/.test(id)), {
      error: "must be ids of lower-case letters, digits and hyphens, separated by commas: google,corp",
    })
    .refine((ids) => new Set(ids).size === ids.length, { error: "must name each provider once" }),
});

/**
 * Reads who may prove to the console who somebody is: `SIGN_IN_PROVIDERS`, and for each id its own variables, `corp` →
 * `SIGN_IN_CORP_NAME` and so on (see .env.example).
 *
 * @throws EnvironmentError that names each bad variable.
 */
export function parseSignInProviders(variables: NodeJS.ProcessEnv): SignInProvider[] {
  const { SIGN_IN_PROVIDERS: ids } = parseEnvironment(providerList, variables);
  const providers = ids.map((id) => parseEnvironment(providerSchema(id), variables));
  const issuers = providers.map(({ issuer }) => issuer);
  if (new Set(issuers).size < issuers.length) {
    throw new EnvironmentError(
      "The environment is not as it should be (see .env.example):\n" +
        "  SIGN_IN_PROVIDERS must not hold one issuer twice: an identity is known by its issuer",
    );
  }
  return providers;
}

/** https, and plain http for a provider on this machine alone: tokens and secrets ride on it. */
const providerUrl = z.string().refine(
  (value) => {
    const url = URL.parse(value);
    return url !== null && isSecureOrLoopback(url) && !url.username && !url.hash;
  },
  { error: "must be an address that begins with https://, such as https://accounts.example.com" },
);

/** True for https, and for plain http that does not leave the machine. */
function isSecureOrLoopback({ protocol, hostname }: URL): boolean {
  if (protocol === "https:") return true;
  return protocol === "http:" && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

const claimName = z.string().regex(/^[\w.:/-]{1,100}$/, "must be the name of a claim");

function providerSchema(id: string) {
  const name = (what: string) => `SIGN_IN_${id.toUpperCase().replaceAll("-", "_")}_${what}`;
  const oauth2Names = ["AUTHORIZATION_ENDPOINT", "TOKEN_ENDPOINT", "USERINFO_ENDPOINT"].map(name);
  const oauth2Only = [
    ...oauth2Names,
    ...["SUBJECT_CLAIM", "EMAIL_CLAIM", "EMAIL_VERIFIED_CLAIM", "NAME_CLAIM"].map(name),
  ];
  return z
    .object({
      [name("NAME")]: z.string("must be set: what people read on its button").trim().min(1).max(60),
      [name("CLIENT_ID")]: z.string("must be set: the id that the provider gave to the console"),
      [name("CLIENT_SECRET")]: z.string().optional(),
      [name("SCOPES")]: z.string().optional(),
      [name("TRUSTED_DOMAINS")]: z
        .string()
        .default("")
        .refine((list) => words(list.toLowerCase(), ",").every(isDomain), {
          error: "must be domains, separated by commas: example.com,example.org",
        }),
      [name("ORIGINS")]: z
        .string()
        .default("")
        .refine((list) => words(list, ",").every(isProviderOrigin), {
          error: "must be addresses without a path, separated by commas: https://login.example.com",
        }),
      [name("ISSUER")]: providerUrl.optional(),
      ...Object.fromEntries(oauth2Names.map((variable) => [variable, providerUrl.optional()])),
      [name("SUBJECT_CLAIM")]: claimName.optional(),
      [name("EMAIL_CLAIM")]: claimName.optional(),
      [name("EMAIL_VERIFIED_CLAIM")]: claimName.optional(),
      [name("NAME_CLAIM")]: claimName.optional(),
    })
    .superRefine((values, context) => {
      const refuse = (variable: string, message: string) =>
        context.addIssue({ code: "custom", path: [variable], message });
      if (values[name("ISSUER")] === undefined) {
        if (oauth2Names.every((variable) => values[variable] === undefined))
          refuse(name("ISSUER"), "must be set: the issuer of an OpenID Connect provider");
        else
          for (const variable of oauth2Names)
            if (values[variable] === undefined) refuse(variable, "must be set beside the other endpoints");
      } else {
        for (const variable of oauth2Only)
          if (values[variable] !== undefined)
            refuse(variable, `must not be set beside ${name("ISSUER")}, which says it already`);
      }
    })
    .transform((values): SignInProvider => {
      const text = (what: string) => values[name(what)];
      const issuer = text("ISSUER");
      const originsOf = (url: string) => [
        ...new Set([new URL(url).origin, ...words(text("ORIGINS") ?? "", ",")]),
      ];
      const shared = {
        id,
        name: text("NAME") ?? id,
        clientId: text("CLIENT_ID") ?? "",
        clientSecret: text("CLIENT_SECRET") ?? null,
        trustedDomains: words((text("TRUSTED_DOMAINS") ?? "").toLowerCase(), ","),
      };
      if (issuer) {
        const scopes = words(text("SCOPES") ?? "openid email profile", " ");
        return {
          ...shared,
          kind: "oidc",
          issuer,
          origins: originsOf(issuer),
          scopes: [...new Set(["openid", ...scopes])],
        };
      }
      const userinfoEndpoint = text("USERINFO_ENDPOINT") ?? "";
      const authorizationEndpoint = text("AUTHORIZATION_ENDPOINT") ?? "";
      return {
        ...shared,
        kind: "oauth2",
        issuer: userinfoEndpoint,
        scopes: words(text("SCOPES") ?? "", " "),
        origins: originsOf(authorizationEndpoint),
        authorizationEndpoint,
        tokenEndpoint: text("TOKEN_ENDPOINT") ?? "",
        userinfoEndpoint,
        claims: {
          subject: text("SUBJECT_CLAIM") ?? null,
          email: text("EMAIL_CLAIM") ?? "email",
          emailVerified: text("EMAIL_VERIFIED_CLAIM") ?? null,
          name: text("NAME_CLAIM") ?? "name",
        },
      };
    });
}

function words(list: string, separator: string): string[] {
  return list
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function isProviderOrigin(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && url.origin === value && isSecureOrLoopback(url);
}

function isDomain(name: string): boolean {
  return /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(name);
}
