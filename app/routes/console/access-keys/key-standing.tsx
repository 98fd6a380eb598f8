import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { AccessKeyListed } from "#app/domain/access-keys/read-access-keys.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { InstallationTime } from "#app/ui/values.tsx";

interface KeyStandingProps {
  accessKey: Pick<AccessKeyListed, "state" | "allowedUntil"> & { lastError: string | null };
  params: { account: string };
}

/** What there is to know of a key's state before reading on. Nothing claims to be done before the engine says so. */
export function KeyStanding({ accessKey, params }: KeyStandingProps) {
  const { t } = useTranslation();
  const { state, lastError, allowedUntil } = accessKey;
  const isOnTheWay = state === "deactivating" || state === "reactivating";
  return (
    <div className="mb-6 space-y-4 empty:hidden">
      {state === "revoking" && (
        <Notice tone="warning" title={t("accessKeys.revoking.title")}>
          {t(lastError === null ? "accessKeys.revoking.soon" : "accessKeys.revoking.noAnswer")}{" "}
          <Link to=".">{t("common.refresh")}</Link>
        </Notice>
      )}
      {isOnTheWay && (
        <Notice tone="warning" title={t(`keySettings.standing.${state}.title`)}>
          {t(lastError === null ? `keySettings.standing.${state}.text` : "keySettings.standing.noAnswer")}{" "}
          <Link to=".">{t("common.refresh")}</Link>
        </Notice>
      )}
      {state === "inactive" && (
        <Notice title={t("keySettings.standing.inactive.title")}>
          {t(
            lastError === "not-found"
              ? "keySettings.standing.inactive.gone"
              : "keySettings.standing.inactive.text",
          )}
        </Notice>
      )}
      {allowedUntil && <BeyondPolicy allowedUntil={allowedUntil} params={params} />}
    </div>
  );
}

function BeyondPolicy({ allowedUntil, params }: { allowedUntil: Date; params: { account: string } }) {
  const { t } = useTranslation();
  const isOver = new Date(allowedUntil).getTime() < Date.now();
  return (
    <Notice
      tone="warning"
      title={t(isOver ? "keySettings.standing.tooOld.title" : "keySettings.standing.endsLate.title")}
    >
      <p>
        {t(isOver ? "keySettings.standing.tooOld.text" : "keySettings.standing.endsLate.text")}{" "}
        <InstallationTime at={allowedUntil} style="date" />.
      </p>
      <p>
        {t("keySettings.standing.replaceIt")}{" "}
        <Link to={href("/accounts/:account/settings/access-keys", params)}>
          {t("keySettings.policy.link")}
        </Link>
      </p>
    </Notice>
  );
}
