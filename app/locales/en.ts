import accessKeys from "./en/accessKeys.json" with { type: "json" };
import accounts from "./en/accounts.json" with { type: "json" };
import auth from "./en/auth.json" with { type: "json" };
import buckets from "./en/buckets.json" with { type: "json" };
import common from "./en/common.json" with { type: "json" };
import errors from "./en/errors.json" with { type: "json" };
import identities from "./en/identities.json" with { type: "json" };
import members from "./en/members.json" with { type: "json" };
import notifications from "./en/notifications.json" with { type: "json" };
import passwords from "./en/passwords.json" with { type: "json" };
import profile from "./en/profile.json" with { type: "json" };
import reconciliation from "./en/reconciliation.json" with { type: "json" };
import secondFactor from "./en/secondFactor.json" with { type: "json" };
import usage from "./en/usage.json" with { type: "json" };

/** What pages say, in English: all that a browser loads, but for the pages of the provider's staff. */
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
