import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { getPreview, listMessages } from "#app/domain/mail/read-previews.ts";
import { load } from "#app/http/handlers.server.ts";
import { localeNames, locales } from "#app/locales/index.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import type { Route } from "./+types/preview";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const { message } = args.params;
    const previews = locales.map((locale) => {
      const { subject, text } = getPreview(context, message, locale);
      return { locale, subject, text };
    });
    const title = listMessages(context).find(({ name }) => name === message)?.title ?? message;
    return { title, previews };
  });
}

/** The mail as HTML stands in a frame, a document of its own: it has the styles in it that our pages refuse. */
export default function Preview({ loaderData: { title, previews }, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const html = href("/admin/mail/previews/:message/html", params);
  return (
    <>
      <PageHeader
        title={title}
        breadcrumbs={[
          { label: t("mail.title"), to: "/admin/mail" },
          { label: t("mail.previews.title"), to: "/admin/mail/previews" },
        ]}
      />
      {previews.map(({ locale, subject, text }) => {
        const language = localeNames[locale];
        const address = `${html}?language=${locale}`;
        return (
          <Section key={locale} title={<span lang={locale}>{language}</span>}>
            <Card>
              <DescriptionList
                items={[
                  { term: t("mail.previews.subject"), details: <span lang={locale}>{subject}</span> },
                  {
                    term: t("mail.previews.html"),
                    details: (
                      <a href={address} hrefLang={locale}>
                        {t("mail.previews.alone")}
                      </a>
                    ),
                  },
                ]}
              />
            </Card>
            <iframe
              src={address}
              title={t("mail.previews.frame", { title, language })}
              sandbox=""
              className="mt-4 h-176 w-full rounded-card border border-line bg-white"
            />
            <h3 className="mt-4 mb-2 font-semibold">{t("mail.previews.text")}</h3>
            <Card>
              <pre lang={locale} className="font-mono text-sm wrap-anywhere whitespace-pre-wrap">
                {text}
              </pre>
            </Card>
          </Section>
        );
      })}
    </>
  );
}
