import accessKeys from "./pt-BR/accessKeys.json" with { type: "json" };
import accounts from "./pt-BR/accounts.json" with { type: "json" };
import admin from "./pt-BR/admin.json" with { type: "json" };
import auth from "./pt-BR/auth.json" with { type: "json" };
import bucketSettings from "./pt-BR/bucketSettings.json" with { type: "json" };
import buckets from "./pt-BR/buckets.json" with { type: "json" };
import common from "./pt-BR/common.json" with { type: "json" };
import emptying from "./pt-BR/emptying.json" with { type: "json" };
import errors from "./pt-BR/errors.json" with { type: "json" };
import identities from "./pt-BR/identities.json" with { type: "json" };
import keySettings from "./pt-BR/keySettings.json" with { type: "json" };
import lifecycle from "./pt-BR/lifecycle.json" with { type: "json" };
import mail from "./pt-BR/mail.json" with { type: "json" };
import members from "./pt-BR/members.json" with { type: "json" };
import notifications from "./pt-BR/notifications.json" with { type: "json" };
import objects from "./pt-BR/objects.json" with { type: "json" };
import passwords from "./pt-BR/passwords.json" with { type: "json" };
import profile from "./pt-BR/profile.json" with { type: "json" };
import reconciliation from "./pt-BR/reconciliation.json" with { type: "json" };
import rotations from "./pt-BR/rotations.json" with { type: "json" };
import secondFactor from "./pt-BR/secondFactor.json" with { type: "json" };
import surveys from "./pt-BR/surveys.json" with { type: "json" };
import uploads from "./pt-BR/uploads.json" with { type: "json" };
import usage from "./pt-BR/usage.json" with { type: "json" };
import users from "./pt-BR/users.json" with { type: "json" };

/** What pages say, in Portuguese. Browsers load of it what areas.ts says of the page. */
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
