import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";

/** The same for a new address and for one that has a user: it tells nobody which. */
export default function SignUpSent() {
  const { t } = useTranslation();
  return (
    <AuthLayout>
      <PageHeader title={t("auth.signupSent.title")} />
      <p>{t("auth.signupSent.next")}</p>
      <p className="mt-3">{t("auth.signupSent.notArrived")}</p>
      <p className="mt-6">
        <Link to="/signup">{t("auth.signupSent.again")}</Link>
      </p>
    </AuthLayout>
  );
}
