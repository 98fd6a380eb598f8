import type { ReactNode } from "react";
import { Brand } from "./brand.tsx";
import { LanguageSwitch } from "./language-switch.tsx";
import { Flash } from "./notice.tsx";
import { SkipLink } from "./shell.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

/** The frame of pages for people who are not signed in: one card and nothing beside it. */
export function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="auth-page flex min-h-screen flex-col items-center px-4 py-6 sm:py-10">
      <SkipLink />
      <header className="w-full max-w-lg text-bar-ink">
        <Brand home="/" />
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mt-5 w-full max-w-lg rounded-card border border-line border-t-4 border-t-highlight bg-surface p-5 sm:p-8"
      >
        <Flash />
        {children}
      </main>
      <footer className="mt-4 flex w-full max-w-lg flex-wrap justify-end gap-x-6 gap-y-1 text-sm">
        <ThemeSwitch />
        <LanguageSwitch />
      </footer>
    </div>
  );
}
