// Encrypts what the database keeps encrypted anew with the newest of ENCRYPTION_KEYS, while web and worker run:
// npm run keys:rotate-encryption. Ends with 1 while anything is left that another key encrypted.
import { enterRepository } from "./launcher/enter-repository.ts";
import { readSettings } from "./launcher/settings.ts";
import { loadStandInSecrets } from "./launcher/stand-in-secrets.ts";

enterRepository();
try {
  Object.assign(process.env, readSettings(process.env, loadStandInSecrets).environment);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
// Only now: the application reads its settings when it is loaded.
const { rotateSecrets } = await import("#app/domain/encryption/rotate-secrets.ts");
const { managementSecrets } = await import("#app/domain/accounts/management-secrets.ts");
const { objectKeySecrets } = await import("#app/domain/accounts/object-key.ts");
const { secondFactorSecrets } = await import("#app/domain/identity/second-factor/second-factor-secrets.ts");
const { db } = await import("#app/ports/db.server.ts");

const { rotated, remaining, unreadable } = await rotateSecrets(
  [managementSecrets, objectKeySecrets, secondFactorSecrets],
  ({ rotated, remaining }) => console.log(`${rotated} encrypted anew, ${remaining} to go`),
);
await db.$disconnect();

const reasons = {
  "unknown-key": "no key of ENCRYPTION_KEYS has the id that its secret was encrypted with",
  damaged: "its secret does not open: it was changed, or is another row's",
};
for (const { owner, id, reason } of unreadable) console.error(`${owner} ${id}: ${reasons[reason]}`);
if (remaining > unreadable.length) {
  console.error(
    `${remaining - unreadable.length} more were encrypted with an older key meanwhile: ` +
      "some process still has that key in front. Restart it, then run this again.",
  );
}
console.log(
  remaining === 0
    ? `Done: ${rotated} encrypted anew. Keys other than the first of ENCRYPTION_KEYS are no longer needed.`
    : `Not done: ${remaining} are left. Keep the older keys.`,
);
process.exit(remaining === 0 ? 0 : 1);
