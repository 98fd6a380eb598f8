import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Secrets of one installation that runs on stand-ins; made once and kept in `DATA_DIR/secrets.json`. */
export interface StandInSecrets {
  postgresPassword: string;
  ownerPassword: string;
  appPassword: string;
  s3Password: string;
  storageAdminAccessKey: string;
  storageAdminSecretKey: string;
  sessionSecret: string;
  /** `id:base64` of 32 bytes. */
  encryptionKey: string;
  /** `id:base64` of 32 bytes. */
  auditSigningKey: string;
}

/**
 * Reads the secrets of the data directory, or makes them when there are none. The file is readable by its
 * owner only.
 *
 * @throws when the file exists but is no JSON: overwriting it would lock out of the data it belongs to.
 */
export function loadStandInSecrets(dataDir: string): StandInSecrets {
  const path = join(dataDir, "secrets.json");
  mkdirSync(dataDir, { recursive: true });
  let kept: Partial<StandInSecrets> = {};
  try {
    kept = JSON.parse(readFileSync(path, "utf8")) as Partial<StandInSecrets>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
    }
    writeNew(path, generate());
    // Read back: of two starts at once, both must use what the first one wrote.
    kept = JSON.parse(readFileSync(path, "utf8")) as Partial<StandInSecrets>;
  }
  return kept as StandInSecrets;
}

function generate(): StandInSecrets {
  const password = () => randomBytes(24).toString("base64url");
  const key = () => `k1:${randomBytes(32).toString("base64")}`;
  return {
    postgresPassword: password(),
    ownerPassword: password(),
    appPassword: password(),
    s3Password: password(),
    storageAdminAccessKey: randomBytes(10).toString("hex").toUpperCase(),
    storageAdminSecretKey: randomBytes(30).toString("base64url"),
    sessionSecret: randomBytes(32).toString("base64url"),
    encryptionKey: key(),
    auditSigningKey: key(),
  };
}

/** Writes under a temporary name and links it in place, so that nobody ever reads half a file. */
function writeNew(path: string, secrets: StandInSecrets): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(temporary);
  }
}
