import { useTranslation } from "react-i18next";
import type { accountStates } from "#app/domain/accounts/states.ts";
import { ButtonLink } from "../form/button.tsx";
import { Notice } from "./notice.tsx";

export interface AccountStandingProps {
  account: {
    state: (typeof accountStates)[number];
    rejectionCause:
      | "document_taken"
      | "document_unverified"
      | "information_incomplete"
      | "not_eligible"
      | "other"
      | null;
    rejectionReason: string | null;
  };
  /** Where the registration can be corrected, for those who may. */
  registrationLink?: string;
}

/** Why nothing can be created in an account yet, or any more. Nothing for an active one. */
export function AccountStanding({ account, registrationLink }: AccountStandingProps) {
  const { t } = useTranslation();
  const { state, rejectionCause, rejectionReason } = account;
  if (state === "active") return null;
  if (state === "rejected") {
    return (
      <div className="mb-6">
        <Notice tone="danger" title={t("accounts.standing.rejected.title")}>
          {rejectionCause && <p>{t(`accounts.rejectionCauses.${rejectionCause}`)}</p>}
          {rejectionReason && <p className="mt-2 whitespace-pre-line">{rejectionReason}</p>}
          {registrationLink ? (
            <p className="mt-3">
              <ButtonLink to={registrationLink}>{t("accounts.standing.rejected.correct")}</ButtonLink>
            </p>
          ) : (
            <p className="mt-2">{t("accounts.standing.rejected.byOwner")}</p>
          )}
        </Notice>
      </div>
    );
  }
  const tone =
    state === "suspended" || state === "closed" ? "danger" : state === "approved" ? "info" : "warning";
  return (
    <div className="mb-6">
      <Notice tone={tone} title={t(`accounts.standing.${state}.title`)}>
        {t(`accounts.standing.${state}.text`)}
      </Notice>
    </div>
  );
}
