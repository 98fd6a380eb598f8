import accessKeys from "./pt-BR/accessKeys.json" with { type: "json" };
import accounts from "./pt-BR/accounts.json" with { type: "json" };
import admin from "./pt-BR/admin.json" with { type: "json" };
import auth from "./pt-BR/auth.json" with { type: "json" };
import buckets from "./pt-BR/buckets.json" with { type: "json" };
import common from "./pt-BR/common.json" with { type: "json" };
import errors from "./pt-BR/errors.json" with { type: "json" };
import reconciliation from "./pt-BR/reconciliation.json" with { type: "json" };
import usage from "./pt-BR/usage.json" with { type: "json" };

/** What pages say, in Brazilian Portuguese: all that a browser loads. */
export default { accessKeys, accounts, admin, auth, buckets, common, errors, reconciliation, usage };
