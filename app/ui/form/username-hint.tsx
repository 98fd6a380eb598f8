/** Tells a password manager whose password stands in the form, where the page itself does not ask (ASVS 6.2.7). */
export function UsernameHint({ email }: { email: string }) {
  return <input type="email" autoComplete="username" value={email} readOnly hidden />;
}
