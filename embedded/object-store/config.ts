import { z } from "zod";

const secret = (what: string, minimum: number) =>
  z.string(`${what} is needed`).min(minimum, `must have at least ${minimum} characters`);

const environment = z.object({
  EMBEDDED_S3_DATABASE_URL: z
    .string("a PostgreSQL URL is needed, such as postgresql://user:password@127.0.0.1:5432/database")
    .regex(
      /^postgres(ql)?:\/\/\S+$/,
      "must be a PostgreSQL URL, such as postgresql://user:password@127.0.0.1:5432/database",
    ),
  EMBEDDED_S3_HOST: z.string().min(1, "must be an address to listen on").default("127.0.0.1"),
  EMBEDDED_S3_PORT: z.coerce
    .number("must be a port number")
    .int("must be a port number")
    .min(0, "must be a port number")
    .max(65535, "must be a port number, at most 65535")
    .default(9000),
  DATA_DIR: z.string().min(1, "must be a directory").default(".data"),
  STORAGE_REGION: z
    .string()
    .regex(
      /^[a-z0-9-]{1,32}$/,
      "must be a region name of lower-case letters, digits and hyphens, such as us-east-1",
    )
    .default("us-east-1"),
  STORAGE_ADMIN_ACCESS_KEY: secret("an access key id for the administrator", 3).regex(
    /^[\w-]+$/,
    "may hold only letters, digits, - and _",
  ),
  STORAGE_ADMIN_SECRET_KEY: secret("a secret access key for the administrator", 16),
  EMBEDDED_S3_LIFECYCLE_DAY_SECONDS: z.coerce
    .number("must be a number of seconds")
    .int("must be a number of seconds")
    .min(1, "must be at least 1 second")
    .max(86_400, "must be at most a day, 86400 seconds")
    .default(86_400),
  LOG_LEVEL: z
    .enum(
      ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
      "must be a pino level, such as info",
    )
    .default("info"),
});

export type Config = {
  databaseUrl: string;
  host: string;
  port: number;
  dataDirectory: string;
  region: string;
  admin: { accessKeyId: string; secretAccessKey: string };
  /** How long the days of lifecycle rules are. */
  lifecycleDayMs: number;
  logLevel: string;
};

/**
 * Reads the settings from the environment. An empty variable counts as unset.
 *
 * @throws Error whose message has one line per bad variable: its name and what it should be, never its value.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = environment.safeParse(given);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(lines.join("\n"));
  }
  const values = result.data;
  return {
    databaseUrl: values.EMBEDDED_S3_DATABASE_URL,
    host: values.EMBEDDED_S3_HOST,
    port: values.EMBEDDED_S3_PORT,
    dataDirectory: values.DATA_DIR,
    region: values.STORAGE_REGION,
    admin: { accessKeyId: values.STORAGE_ADMIN_ACCESS_KEY, secretAccessKey: values.STORAGE_ADMIN_SECRET_KEY },
    lifecycleDayMs: values.EMBEDDED_S3_LIFECYCLE_DAY_SECONDS * 1000,
    logLevel: values.LOG_LEVEL,
  };
}
