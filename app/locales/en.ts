import accessKeys from "./en/accessKeys.json" with { type: "json" };
import accounts from "./en/accounts.json" with { type: "json" };
import admin from "./en/admin.json" with { type: "json" };
import auth from "./en/auth.json" with { type: "json" };
import bucketSettings from "./en/bucketSettings.json" with { type: "json" };
import buckets from "./en/buckets.json" with { type: "json" };
import common from "./en/common.json" with { type: "json" };
import emptying from "./en/emptying.json" with { type: "json" };
import errors from "./en/errors.json" with { type: "json" };
import identities from "./en/identities.json" with { type: "json" };
import keySettings from "./en/keySettings.json" with { type: "json" };
import lifecycle from "./en/lifecycle.json" with { type: "json" };
import mail from "./en/mail.json" with { type: "json" };
import members from "./en/members.json" with { type: "json" };
import notifications from "./en/notifications.json" with { type: "json" };
import objects from "./en/objects.json" with { type: "json" };
import passwords from "./en/passwords.json" with { type: "json" };
import profile from "./en/profile.json" with { type: "json" };
import reconciliation from "./en/reconciliation.json" with { type: "json" };
import rotations from "./en/rotations.json" with { type: "json" };
import secondFactor from "./en/secondFactor.json" with { type: "json" };
import surveys from "./en/surveys.json" with { type: "json" };
import uploads from "./en/uploads.json" with { type: "json" };
import usage from "./en/usage.json" with { type: "json" };
import users from "./en/users.json" with { type: "json" };

/** What pages say, in English. Browsers load of it what areas.ts says of the page. */
export default {
  accessKeys,
  accounts,
  admin,
  auth,
  bucketSettings,
  buckets,
  common,
  emptying,
  errors,
  identities,
  keySettings,
  lifecycle,
  mail,
  members,
  notifications,
  objects,
  passwords,
  profile,
  reconciliation,
  rotations,
  secondFactor,
  surveys,
  uploads,
  usage,
  users,
};
