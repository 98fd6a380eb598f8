import { z } from "zod";

/** A key for encryption or signing, with the id under which what it made is found again after a rotation. */
export interface KeyWithId {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

export const port = z.coerce
  .number("must be a port number")
  .int("must be a port number")
  .min(1, "must be a port number, 1 to 65535")
  .max(65535, "must be a port number, 1 to 65535");

export const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  message: "must be a PostgreSQL URL: postgresql://user:password@host:5432/database",
});

export const smtpUrl = z.url({
  protocol: /^smtps?$/,
  message: "must be an SMTP URL: smtp://user:password@host:587 or smtps://…:465",
});

/** An http(s) address without path, as an origin: `https://console.example.com`. */
export const originUrl = z
  .url({ protocol: /^https?$/, message: "must be an address such as https://console.example.com" })
  .refine((value) => value.replace(/\/$/, "") === new URL(value).origin, {
    error: "must hold no path, only scheme, host and port: https://console.example.com",
    abort: true,
  })
  .transform((value) => new URL(value).origin);

/** A comma-separated list of secrets, newest first: the first one signs, all of them verify. */
export const secretList = z
  .string("must be set: one or more secrets of at least 32 characters, separated by commas, newest first")
  .transform((list) => list.split(",").map((secret) => secret.trim()))
  .refine((secrets) => secrets.every((secret) => secret.length >= 32), {
    error: "must hold secrets of at least 32 characters each, separated by commas, newest first",
  });

/** A comma-separated list of `id:base64` keys of 32 bytes, newest first: the first one is used for new data. */
export const keyList = z
  .string("must be set: one or more keys as id:base64 of 32 bytes, separated by commas, newest first")
  .transform((list, context): KeyWithId[] => {
    const keys = list.split(",").map((entry) => {
      const [, id = "", base64 = ""] = /^\s*([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/=_-]+)\s*$/.exec(entry) ?? [];
      return { id, key: Buffer.from(base64, "base64") };
    });
    if (!keys.every(({ id, key }) => id && key.length === 32)) {
      context.addIssue({
        code: "custom",
        message:
          "must be keys as id:base64 of exactly 32 bytes, separated by commas, newest first " +
          '(make one: echo "k1:$(openssl rand -base64 32)")',
      });
      return z.NEVER;
    }
    if (new Set(keys.map(({ id }) => id)).size < keys.length) {
      context.addIssue({ code: "custom", message: "must give each key an id of its own" });
      return z.NEVER;
    }
    return keys;
  });

/**
 * Which proxies may say who the client is (Express' `trust proxy`): a number of hops, or addresses and
 * networks. "All" is not on offer, since then any client could claim any address.
 */
const trustProxy = z
  .string()
  .regex(/^(\d{1,2}|[a-z0-9.:/]+( *, *[a-z0-9.:/]+)*)$/i, {
    error: "must be a number of proxies, or addresses: 1, or loopback, or 10.0.0.0/8,192.0.2.1",
    abort: true,
  })
  .refine((value) => value !== "true", {
    error: "must name the proxies (a number of hops, or addresses): trusting all would trust every client",
  })
  .transform((value) => {
    if (/^\d+$/.test(value)) return Number(value);
    return value === "false" ? false : value.split(/ *, */);
  });

const hoursOrDays = z.coerce
  .number("must be a number")
  .int("must be a whole number")
  .min(1, "must be at least 1");

/** What the web and worker processes read from their environment. */
export const environmentSchema = z.object({
  NODE_ENV: z
    .enum(["production", "development", "test"], "must be production, development or test")
    .default("production"),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).default("info"),
  HOST: z.string().default("127.0.0.1"),
  PORT: port.default(3000),
  PUBLIC_URL: originUrl,
  TRUST_PROXY: trustProxy.default(false),
  DATABASE_URL: postgresUrl,
  DATABASE_POOL_SIZE: z.coerce
    .number("must be a number")
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(500, "must be at most 500")
    .default(10),
  STORAGE_ENDPOINT: originUrl,
  STORAGE_PUBLIC_ENDPOINT: originUrl.optional(),
  STORAGE_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/, "must be a region name such as us-east-1")
    .default("us-east-1"),
  STORAGE_ADMIN_ACCESS_KEY: z.string("must be set: the access key of the engine's admin user"),
  STORAGE_ADMIN_SECRET_KEY: z.string("must be set: the secret key of the engine's admin user"),
  SMTP_URL: smtpUrl,
  MAIL_FROM: z
    .string("must be set: the sender of all mail, such as Balde <no-reply@example.com>")
    .regex(
      /^([^<>\r\n]* )?<?[^\s<>@]+@[^\s<>@]+>?$/,
      "must be a sender such as Balde <no-reply@example.com>",
    ),
  /** Whose service this is, in mail. */
  PROVIDER_NAME: z
    .string()
    .trim()
    .regex(/^[^\p{Cc}]{1,60}$/u, "must be a name of at most 60 characters")
    .default("Balde"),
  /** Where people write to with questions; mail names it. */
  SUPPORT_EMAIL: z.email("must be an e-mail address such as help@example.com").optional(),
  SESSION_SECRETS: secretList,
  SESSION_IDLE_HOURS: hoursOrDays.max(24 * 30, "must be at most 720").default(12),
  SESSION_ABSOLUTE_DAYS: hoursOrDays.max(365, "must be at most 365").default(30),
  BREACHED_PASSWORDS_URL: originUrl.optional(),
  ENCRYPTION_KEYS: keyList,
  AUDIT_SIGNING_KEY: keyList,
});

/** The environment holds values that the program cannot work with; the message lists each by name. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}

/**
 * Parses variables with a schema. An empty variable counts as one that is not set, as in `.env` files.
 *
 * @throws EnvironmentError that names each bad variable and says what it should be, never its value.
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  variables: NodeJS.ProcessEnv,
): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const result = schema.safeParse(set);
  if (result.success) return result.data;

  const problems = result.error.issues.map((issue) => {
    const name = issue.path.join(".");
    const missing = set[name] === undefined && !issue.message.startsWith("must be set");
    return `  ${name} ${missing ? "is not set: it " : ""}${issue.message}`;
  });
  throw new EnvironmentError(
    `The environment is not as it should be (see .env.example):\n${problems.join("\n")}`,
  );
}
