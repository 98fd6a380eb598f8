import accessKeys from "./en/accessKeys.json" with { type: "json" };
import accounts from "./en/accounts.json" with { type: "json" };
import admin from "./en/admin.json" with { type: "json" };
import auth from "./en/auth.json" with { type: "json" };
import buckets from "./en/buckets.json" with { type: "json" };
import common from "./en/common.json" with { type: "json" };
import errors from "./en/errors.json" with { type: "json" };
import reconciliation from "./en/reconciliation.json" with { type: "json" };
import usage from "./en/usage.json" with { type: "json" };

/** What pages say, in English: all that a browser loads. */
export default { accessKeys, accounts, admin, auth, buckets, common, errors, reconciliation, usage };
