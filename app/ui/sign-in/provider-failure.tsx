import { useTranslation } from "react-i18next";
import { ButtonLink } from "../form/button.tsx";
import { AuthLayout } from "../layout/auth-layout.tsx";
import { PageHeader } from "../layout/page-header.tsx";
import { type ProviderChoice, ProviderForm, type ProviderPurpose } from "./provider-buttons.tsx";

/** What went wrong on the way to a provider or back, and how to begin again. */
export interface ProviderFailureData {
  page: "declined" | "disabled" | "expired" | "refused" | "taken" | "unavailable" | "wrongIdentity";
  provider: ProviderChoice;
  purpose: ProviderPurpose;
  returnTo: string;
  signUpToken: string | null;
  /** Finds it in our logs. */
  requestId: string;
}

/** In place of a session: what happened, what to do, and the ways on. */
export function ProviderFailure({ failure }: { failure: ProviderFailureData }) {
  const { t } = useTranslation();
  const { page, provider, purpose, returnTo, signUpToken, requestId } = failure;
  const names = { provider: provider.name };
  return (
    <AuthLayout>
      <PageHeader title={t(`identities.failure.${page}.title`, names)} />
      <p>{t(`identities.failure.${page}.advice`, names)}</p>
      {page === "refused" && (
        <p className="mt-3 text-sm text-muted">
          <code>{t("errors.page.reference", { requestId })}</code>
        </p>
      )}
      <div className="mt-6 flex flex-wrap gap-3">
        {page !== "disabled" && (
          <ProviderForm
            provider={provider}
            purpose={purpose}
            returnTo={returnTo}
            signUpToken={signUpToken ?? undefined}
            variant="primary"
            label={t("identities.failure.again", names)}
          />
        )}
        <OtherWay purpose={purpose} returnTo={returnTo} />
      </div>
    </AuthLayout>
  );
}

/** Back to where the visit began; a sign-up is confirmed by its provider alone. */
function OtherWay({ purpose, returnTo }: Pick<ProviderFailureData, "purpose" | "returnTo">) {
  const { t } = useTranslation();
  if (purpose === "confirm-sign-up") return null;
  if (purpose === "link")
    return <ButtonLink to="/me/security/identities">{t("identities.failure.backToLinks")}</ButtonLink>;
  const path = purpose === "reauthenticate" ? "/reauthentication" : "/login";
  return (
    <ButtonLink to={returnTo === "/" ? path : `${path}?returnTo=${encodeURIComponent(returnTo)}`}>
      {t("identities.failure.otherWay")}
    </ButtonLink>
  );
}
