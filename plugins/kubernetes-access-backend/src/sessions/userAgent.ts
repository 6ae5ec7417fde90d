/** The API server cuts the user agent in its audit log at about this length. */
const MAX_LENGTH = 1000;

/**
 * How a session names itself to the API server, whose own audit log keeps this word for word:
 * `kubernetes-access/1.0.0 (user=user:default/ada; request=01…; session=01…)`.
 */
export function sessionUserAgent(
  version: string,
  session: { user: string; requestId: string; id: string },
): string {
  const facts = [
    `user=${encode(session.user)}`,
    `request=${encode(session.requestId)}`,
    `session=${encode(session.id)}`,
  ];
  return `kubernetes-access/${encode(version)} (${facts.join('; ')})`.slice(
    0,
    MAX_LENGTH,
  );
}

/** Percent-encodes what would not survive a header or could be taken for our own punctuation. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[()]/g, character => `%${character.charCodeAt(0).toString(16)}`)
    .replace(/%3A/g, ':')
    .replace(/%2F/g, '/');
}
