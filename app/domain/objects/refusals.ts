import { StorageError } from "#app/ports/storage/errors.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";

/**
 * What a person is told where the engine did not give what was to be read; any other error as it is. What the object key
 * signs is denied while the account is at rest.
 */
export function refusalOfReading(error: unknown, { access }: Context): unknown {
  if (!(error instanceof StorageError)) return error;
  if (error.code === "unavailable") return new DomainError("engine-unavailable");
  if (error.code === "not-found") return new DomainError("not-found");
  if (error.code === "denied" && access.accountState !== "active")
    return new DomainError("account-not-active");
  return new DomainError("engine-refused", { reason: error.code });
}
