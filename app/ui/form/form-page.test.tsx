import { parseSubmission, report } from "@conform-to/react/future";
import { createInstance } from "i18next";
import { renderToStaticMarkup } from "react-dom/server";
import { I18nextProvider } from "react-i18next";
import { createRoutesStub, useActionData } from "react-router";
import { expect, test } from "vitest";
import { i18nOptions } from "#app/locales/i18n-options.ts";
import { resources } from "#app/locales/resources.server.ts";
import type { RestoredForm } from "../root-data.ts";
import { AppForm, SubmitButton } from "./app-form.tsx";
import { CheckboxField, CheckboxGroupField, RadioGroupField } from "./choice-fields.tsx";
import { FormPage } from "./form-page.tsx";
import { PasswordField } from "./password-field.tsx";
import { SelectField } from "./select-field.tsx";
import type { FormSetup } from "./setup.ts";
import { TextField } from "./text-field.tsx";
import { type RefusedSubmission, useAppForm } from "./use-app-form.ts";

type Input = {
  name: string;
  password: string;
  note?: string;
  permission: string;
  buckets: string[];
  region: string;
  terms: boolean;
};

const required = { required: true };

const setup: FormSetup<Input> = {
  constraint: {
    name: { ...required, maxLength: 63 },
    password: required,
    note: { required: false },
    permission: required,
    buckets: { ...required, multiple: true },
    region: required,
    terms: required,
  },
  defaultValue: { name: "first", permission: "read", buckets: ["b"] },
};

const options = [
  { value: "a", label: "A" },
  { value: "b", label: "B" },
];

function Page() {
  const [form, fields] = useAppForm(setup, useActionData<RefusedSubmission>());
  return (
    <FormPage title="New key" form={form}>
      <TextField field={fields.name} label="Name" hint="How you call it" />
      <TextField field={fields.note} label="Note" />
      <PasswordField field={fields.password} label="Password" autoComplete="new-password" />
      <RadioGroupField
        field={fields.permission}
        label="Permission"
        options={[
          { value: "read", label: "Read" },
          { value: "write", label: "Write" },
        ]}
      />
      <CheckboxGroupField field={fields.buckets} label="Buckets" options={options} />
      <SelectField field={fields.region} label="Region" options={options} />
      <CheckboxField field={fields.terms} label="I accept" />
      <SubmitButton>Create</SubmitButton>
    </FormPage>
  );
}

/** The page's HTML as a browser without JavaScript gets it. */
async function render(
  actionData?: RefusedSubmission,
  restoredForm: RestoredForm | null = null,
  Component = Page,
): Promise<string> {
  const i18n = createInstance();
  await i18n.init({ ...i18nOptions, resources, lng: "en" });
  const Stub = createRoutesStub([{ id: "root", path: "/", Component }]);
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <Stub
        hydrationData={{
          loaderData: {
            root: { locale: "en", timeZone: "UTC", formToken: "token-1", flash: null, restoredForm },
          },
          ...(actionData && { actionData: { root: actionData } }),
        }}
      />
    </I18nextProvider>,
  );
}

/** The attributes of the first control with a name, and a value where it needs one to be told apart. */
function control(html: string, name: string, value?: string): Record<string, string> {
  const tags = [...html.matchAll(/<(?:input|select)\s([^>]*?)\/?>/g)].map(([, attributes = ""]) =>
    Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, text]) => [key, text])),
  );
  const found = tags.find((tag) => tag.name === name && (value === undefined || tag.value === value));
  if (!found) throw new Error(`no control ${name}`);
  return found;
}

async function refuse(entries: [string, string][], error: Parameters<typeof report>[1]) {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return render({ result: report<string[]>(parseSubmission(form), error as never) });
}

test("a new form has its values, its token and no complaint", async () => {
  const html = await render();
  expect(html).toContain("<title>New key · Balde</title>");
  expect(html).not.toContain('role="alert"');
  expect(control(html, "formToken").value).toBe("token-1");
  expect(control(html, "name").value).toBe("first");
  expect(control(html, "permission", "read")).toHaveProperty("checked");
  expect(control(html, "buckets", "a")).not.toHaveProperty("checked");
  expect(control(html, "buckets", "b")).toHaveProperty("checked");
  expect(html).toMatch(/Note<span[^>]*> \(optional\)<\/span>/);
});

test("every control has its label, and its hint by aria-describedby", async () => {
  const html = await render();
  const name = control(html, "name");
  expect(html).toContain(`<label for="${name.id}"`);
  expect(html).toMatch(new RegExp(`<p id="${name["aria-describedby"]}"[^>]*>How you call it</p>`));
  // A browser would cut what is pasted; the server says that it is too long.
  expect(name).not.toHaveProperty("maxLength");
});

test("a refused form says so in the title, the summary and at the field, and keeps what was entered", async () => {
  const html = await refuse(
    [
      ["name", "se<cond"],
      ["password", "hunter2"],
      ["permission", "write"],
      ["buckets", "a"],
      ["terms", "on"],
    ],
    {
      error: {
        formErrors: ["The engine did not answer."],
        fieldErrors: { name: ["Too long"], permission: ["Choose"], region: ["Choose a region"] },
      },
      hideFields: ["password"],
    },
  );
  expect(html).toContain("<title>Error: New key · Balde</title>");
  expect(html).toMatch(/role="alert" tabindex="-1" autofocus=""/i);
  expect(html).toContain("<li>The engine did not answer.</li>");

  const name = control(html, "name");
  expect(name.value).toBe("se&lt;cond");
  expect(name["aria-invalid"]).toBe("true");
  const [hint, error] = (name["aria-describedby"] ?? "").split(" ");
  expect(html).toContain(`<p id="${hint}"`);
  expect(html).toMatch(new RegExp(`<p id="${error}"[^>]*><span class="sr-only">Error: </span>Too long</p>`));
  expect(html).toContain(`href="#${name.id}"`);

  // The summary leads to the first choice of a group.
  expect(html).toContain(`href="#${control(html, "permission", "read").id}"`);
  expect(control(html, "permission", "write")).toHaveProperty("checked");
  expect(control(html, "buckets", "a")).toHaveProperty("checked");
  expect(control(html, "buckets", "b")).not.toHaveProperty("checked");
  expect(control(html, "terms")).toHaveProperty("checked");
  expect(html).not.toContain("hunter2");
});

test("one choice or none of several is kept too", async () => {
  const none = await refuse([["name", "x"]], { error: { fieldErrors: { buckets: ["Choose"] } } });
  expect(control(none, "buckets", "b")).not.toHaveProperty("checked");
  const one = await refuse([["buckets", "b"]], { error: { fieldErrors: { name: ["Give a name"] } } });
  expect(control(one, "buckets", "b")).toHaveProperty("checked");
});

const kept = { name: "typed", password: "never", permission: "write", buckets: "a" };

test("a form that was kept stands there as it was typed, and says that it was not sent", async () => {
  const html = await render(undefined, { path: "/", values: kept });
  expect(html).toContain("This is what you typed before");
  expect(html).not.toContain('role="alert"');
  expect(control(html, "name").value).toBe("typed");
  expect(control(html, "permission", "write")).toHaveProperty("checked");
  expect(control(html, "buckets", "a")).toHaveProperty("checked");
  expect(control(html, "buckets", "b")).not.toHaveProperty("checked");
  expect(html).not.toContain("never");
});

test("what was kept of another address is not this form's, and a refusal counts for more", async () => {
  const elsewhere = await render(undefined, { path: "/?x=1", values: kept });
  expect(control(elsewhere, "name").value).toBe("first");
  expect(elsewhere).not.toContain("This is what you typed before");

  const form = new FormData();
  form.append("name", "refused");
  const error = { formErrors: ["No."], fieldErrors: {} };
  const result = report<string[]>(parseSubmission(form), { error });
  const refused = await render({ result }, { path: "/", values: kept });
  expect(control(refused, "name").value).toBe("refused");
  expect(refused).not.toContain("This is what you typed before");
});

/** Two forms with the same field, one of which posts to another address. */
function TwoForms() {
  const [here, hereFields] = useAppForm(setup, undefined);
  const [there, thereFields] = useAppForm(setup, undefined, "/there");
  return (
    <>
      <AppForm form={here}>
        <TextField field={hereFields.name} label="Here" />
      </AppForm>
      <AppForm form={there} action="/there">
        <TextField field={thereFields.name} label="There" />
      </AppForm>
    </>
  );
}

test("of several forms on a page, each gets what was posted to its own address", async () => {
  const names = (html: string) =>
    [...html.matchAll(/<input[^>]*name="name"[^>]*value="(\w+)"/g)].map(([, value]) => value);
  expect(names(await render(undefined, { path: "/", values: kept }, TwoForms))).toEqual(["typed", "first"]);
  const there = await render(undefined, { path: "/there", values: kept }, TwoForms);
  expect(names(there)).toEqual(["first", "typed"]);
  expect(there.match(/This is what you typed before/g)).toHaveLength(1);
});
