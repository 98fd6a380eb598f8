import { provisionAccount } from "#app/domain/accounts/provision-account.ts";
import { purgeExpired } from "#app/domain/identity/purge-expired.ts";
import { sendMessage } from "#app/domain/notifications/send-message.ts";
import type { JobHandlers } from "#app/ports/jobs.server.ts";

/** Queue in: one use case for each. */
export const handlers: JobHandlers = {
  "send-email": ({ id, data }) => sendMessage(data, id),
  "provision-account": ({ id, data }) => provisionAccount(data.accountId, id),
  "provision-bucket": async () => {},
  "delete-bucket": async () => {},
  "revoke-access-key": async () => {},
  "settle-access-keys": async () => {},
  "collect-usage": async () => {},
  "purge-expired": () => purgeExpired(),
};
