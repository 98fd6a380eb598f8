import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";

/** The same for an address that has a user and for one that has none: it tells nobody which. */
export default function ForgotPasswordSent() {
  const { t } = useTranslation();
  return (
    <AuthLayout>
      <PageHeader title={t("passwords.forgotSent.title")} />
      <p>{t("passwords.forgotSent.next")}</p>
      <p className="mt-3">{t("passwords.forgotSent.notArrived")}</p>
      <p className="mt-6">
        <Link to="/forgot-password">{t("passwords.forgotSent.again")}</Link>
      </p>
      <p className="mt-2">
        <Link to="/login">{t("passwords.forgot.back")}</Link>
      </p>
    </AuthLayout>
  );
}
