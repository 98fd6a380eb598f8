import accessKeys from "./pt-BR/accessKeys.json" with { type: "json" };
import accounts from "./pt-BR/accounts.json" with { type: "json" };
import auth from "./pt-BR/auth.json" with { type: "json" };
import buckets from "./pt-BR/buckets.json" with { type: "json" };
import common from "./pt-BR/common.json" with { type: "json" };
import errors from "./pt-BR/errors.json" with { type: "json" };
import identities from "./pt-BR/identities.json" with { type: "json" };
import members from "./pt-BR/members.json" with { type: "json" };
import notifications from "./pt-BR/notifications.json" with { type: "json" };
import passwords from "./pt-BR/passwords.json" with { type: "json" };
import profile from "./pt-BR/profile.json" with { type: "json" };
import reconciliation from "./pt-BR/reconciliation.json" with { type: "json" };
import secondFactor from "./pt-BR/secondFactor.json" with { type: "json" };
import usage from "./pt-BR/usage.json" with { type: "json" };

/** What pages say, in Brazilian Portuguese: all that a browser loads, but for the pages of the provider's staff. */
export default {
  accessKeys,
  accounts,
  auth,
  buckets,
  common,
  errors,
  passwords,
  profile,
  identities,
  members,
  notifications,
  reconciliation,
  secondFactor,
  usage,
};
