import { setTimeout as sleep } from 'node:timers/promises';
import { demoEntities, demoPeople } from './demoEntities.mjs';

/** How often to look, and how long at most. */
const EVERY_MS = 250;
const PATIENCE_MS = 300_000;

/**
 * Waits until the demo can be used: every person can sign in, with a team, and one of them finds everything in the
 * catalog. A back end that answers is not enough: its catalog is empty for the first seconds.
 */
export async function untilUsable(baseUrl, { hasEnded }) {
  const deadline = Date.now() + PATIENCE_MS;
  let missing = 'an answer of the back end';
  while (Date.now() < deadline) {
    if (hasEnded())
      throw new Error('The back end ended while it was starting.');

    missing = await missingNow(baseUrl).catch(
      error =>
        `an answer of the back end (${error.cause?.code ?? error.message})`,
    );
    if (!missing) return;
    await sleep(EVERY_MS);
  }
  throw new Error(
    `The demo did not become usable within ${
      PATIENCE_MS / 1000
    } s. Still missing: ${missing}.`,
  );
}

/** What is still missing, in words; nothing when the demo can be used. */
async function missingNow(baseUrl) {
  let token;
  for (const person of demoPeople()) {
    const identity = await signIn(baseUrl, person);
    const hasTeam = identity?.identity.ownershipEntityRefs.some(ref =>
      ref.startsWith('group:'),
    );
    if (!hasTeam) return `the sign-in of ${person}`;
    token = identity.token;
  }
  const found = await entityRefs(baseUrl, token);
  const absent = demoEntities().filter(ref => !found.has(ref));
  return absent.length ? `the entities ${absent.join(', ')}` : undefined;
}

async function signIn(baseUrl, person) {
  const response = await fetch(`${baseUrl}/api/auth/demo/refresh`, {
    headers: { 'x-demo-person': person, 'x-requested-with': 'XMLHttpRequest' },
  });
  return response.ok ? (await response.json()).backstageIdentity : undefined;
}

async function entityRefs(baseUrl, token) {
  const query = new URLSearchParams({
    limit: '500',
    fields: 'kind,metadata.name,metadata.namespace',
  });
  const response = await fetch(
    `${baseUrl}/api/catalog/entities/by-query?${query}`,
    {
      headers: { authorization: `Bearer ${token}` },
    },
  );
  if (!response.ok) return new Set();

  const { items } = await response.json();
  return new Set(
    items.map(
      ({ kind, metadata }) =>
        `${kind.toLowerCase()}:${metadata.namespace ?? 'default'}/${
          metadata.name
        }`,
    ),
  );
}
