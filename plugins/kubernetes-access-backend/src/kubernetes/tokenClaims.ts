/** What a token says of itself; nothing for what is no JWT. Not checked: that is for whom it is shown to. */
export function claimsOf(token: string): { iat?: unknown; jti?: unknown } {
  const [, payload = ''] = token.split('.');
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return {};
  }
}

/** The id under which the API server's audit log knows a token (`authentication.kubernetes.io/credential-id`). No secret. */
export function tokenIdOf(token: string): string | undefined {
  const { jti } = claimsOf(token);
  return typeof jti === 'string' ? `JTI=${jti}` : undefined;
}
