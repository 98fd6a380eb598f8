import { finishRevocation } from "#app/domain/access-keys/revoke-access-key.ts";
import { settleAccessKeys } from "#app/domain/access-keys/settle-access-keys.ts";
import { finishSwitch } from "#app/domain/access-keys/switch-access-key.ts";
import { warnOfExpiry } from "#app/domain/access-keys/warn-of-expiry.ts";
import { provisionAccount } from "#app/domain/accounts/provision-account.ts";
import { provisionBucket } from "#app/domain/buckets/provision-bucket.ts";
import { removeBucket } from "#app/domain/buckets/remove-bucket.ts";
import { runEmptying } from "#app/domain/emptying/run-emptying.ts";
import { purgeExpired } from "#app/domain/identity/purge-expired.ts";
import { purgeInvitations } from "#app/domain/invitations/purge-invitations.ts";
import { deliverEmail } from "#app/domain/mail/deliver-email.ts";
import { purgeMail } from "#app/domain/mail/purge-mail.ts";
import { writeEmail } from "#app/domain/messages/write-email.ts";
import { purgeNotifications } from "#app/domain/notifications/purge-notifications.ts";
import { importTenant } from "#app/domain/reconciliation/import-tenant.ts";
import { reconcile } from "#app/domain/reconciliation/reconcile.ts";
import { settleFinding } from "#app/domain/reconciliation/settle-finding.ts";
import { settleRotations } from "#app/domain/rotations/settle-rotations.ts";
import { purgeSurveys } from "#app/domain/surveys/purge-surveys.ts";
import { runSurvey } from "#app/domain/surveys/run-survey.ts";
import { collectUsage } from "#app/domain/usage/collect-usage.ts";
import type { JobHandlers } from "#app/ports/jobs.server.ts";

/** Queue in: one use case for each. */
export const handlers: JobHandlers = {
  "send-email": ({ data }) => deliverEmail(data.emailId, writeEmail),
  "purge-mail": () => purgeMail(),
  "provision-account": ({ id, data }) => provisionAccount(data.accountId, id),
  "provision-bucket": ({ id, data }) => provisionBucket(data.bucketId, id),
  "delete-bucket": ({ id, data }) => removeBucket(data.bucketId, id),
  "empty-bucket": ({ id, data }) => runEmptying(data.emptyingId, id),
  "revoke-access-key": ({ id, data }) => finishRevocation(data.id, id),
  "switch-access-key": ({ id, data }) => finishSwitch(data.id, id),
  "settle-access-keys": ({ id }) => settleAccessKeys(id),
  "settle-rotations": ({ id }) => settleRotations(id),
  reconcile: ({ id, data }) => reconcile(data, id),
  "settle-finding": ({ id, data }) => settleFinding(data.findingId, id),
  "adopt-tenant": ({ id, data }) => importTenant(data.accountId, id),
  "collect-usage": ({ data }) => collectUsage(data),
  "purge-expired": () => purgeExpired(),
  "warn-of-expiry": ({ id }) => warnOfExpiry(id),
  "purge-notifications": () => purgeNotifications(),
  "purge-invitations": () => purgeInvitations(),
  "survey-bucket": ({ id, data }) => runSurvey(data.surveyId, id),
  "purge-surveys": () => purgeSurveys(),
};
