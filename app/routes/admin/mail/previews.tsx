import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { listMessages } from "#app/domain/mail/read-previews.ts";
import { load } from "#app/http/handlers.server.ts";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import type { Route } from "./+types/previews";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({ messages: listMessages(context) }));
}

export default function Previews({ loaderData: { messages } }: Route.ComponentProps) {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader
        title={t("mail.previews.title")}
        description={t("mail.previews.intro")}
        breadcrumbs={[{ label: t("mail.title"), to: "/admin/mail" }]}
      />
      <DataTable
        caption={t("mail.previews.title")}
        rows={messages}
        rowKey={({ name }) => name}
        columns={[
          {
            key: "message",
            header: t("mail.message"),
            cell: ({ name, title }) => (
              <Link to={href("/admin/mail/previews/:message", { message: name })}>{title}</Link>
            ),
          },
          { key: "name", header: t("mail.previews.name"), cell: ({ name }) => <code>{name}</code> },
        ]}
      />
    </>
  );
}
