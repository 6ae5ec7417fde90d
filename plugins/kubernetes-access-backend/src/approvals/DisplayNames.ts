import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { stringifyError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { Clock } from '../controller/Clock';
import type { Names } from '../requests';
import { nameOf } from '../requests';

/** How long a name is good; one that is older is told until there is a newer one. */
const FRESH_MS = 5 * 60_000;
/** Nobody waits for longer for what is only nicer to read. */
const PATIENCE_MS = 1_000;
/** How many names are kept, and how many are asked for at once. */
const MAX_NAMES = 5_000;
const MAX_ASKED = 200;
const MAX_LENGTH = 80;

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'spec.profile.displayName',
];

/** The names that the catalog has for people, groups and things; the name in the ref where it has none. */
export class DisplayNames implements Names {
  readonly #catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  readonly #auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  readonly #clock: Clock;
  readonly #logger: LoggerService;
  readonly #known = new Map<string, { name: string; at: number }>();

  constructor(options: {
    catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
    clock: Clock;
    logger: LoggerService;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  of(ref: string): string {
    return this.#known.get(ref)?.name ?? nameOf(ref);
  }

  async learn(refs: string[]): Promise<void> {
    const now = this.#clock.monotonic();
    const unknown = [...new Set(refs)]
      .filter(ref => ref.includes(':') && !this.#isFresh(ref, now))
      .slice(0, MAX_ASKED);
    if (unknown.length === 0) {
      return;
    }
    let giveUp = () => {};
    const patience = new Promise<void>(resolve => {
      giveUp = this.#clock.schedule(PATIENCE_MS, resolve);
    });
    await Promise.race([this.#ask(unknown), patience]);
    giveUp();
  }

  #isFresh(ref: string, now: number): boolean {
    const known = this.#known.get(ref);
    return known !== undefined && now - known.at < FRESH_MS;
  }

  /** Never rejects. */
  async #ask(refs: string[]): Promise<void> {
    try {
      const { items } = await this.#catalog.getEntitiesByRefs(
        { entityRefs: refs, fields: FIELDS },
        { credentials: await this.#auth.getOwnServiceCredentials() },
      );
      const at = this.#clock.monotonic();
      refs.forEach((ref, index) => {
        const name = displayNameOf(items[index]) ?? nameOf(ref);
        this.#remember(ref, { name, at });
      });
    } catch (error) {
      this.#logger.debug(
        `The catalog was not heard of the names of people: ${stringifyError(
          error,
        )}`,
      );
    }
  }

  #remember(ref: string, known: { name: string; at: number }): void {
    // What was asked for last is forgotten last.
    this.#known.delete(ref);
    this.#known.set(ref, known);
    if (this.#known.size > MAX_NAMES) {
      this.#known.delete(this.#known.keys().next().value!);
    }
  }
}

/** What people call it, on one line and not too long: it comes from whoever may write to the catalog. */
function displayNameOf(entity: Entity | undefined): string | undefined {
  const profile = entity?.spec?.profile as
    | { displayName?: unknown }
    | undefined;
  const name = profile?.displayName ?? entity?.metadata.title;
  if (typeof name !== 'string') {
    return undefined;
  }
  const plain = name
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, MAX_LENGTH);
  return plain || undefined;
}
