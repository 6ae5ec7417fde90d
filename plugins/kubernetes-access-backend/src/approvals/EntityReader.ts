import type { AuthService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/** So many entities are asked for at once. */
const MAX_REFS = 500;

interface Question {
  refs: Set<string>;
  answer: Promise<Map<string, Entity | undefined>>;
}

/**
 * Reads entities from the catalog, as the back end itself. What is wanted in the same turn of the event loop goes in
 * one question; nothing is kept, so that an answer is never older than the wish for it.
 */
export class EntityReader {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  #next: Question | undefined;

  constructor(options: { catalog: CatalogService; auth: AuthService }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
  }

  /** @returns in the order of the refs; undefined where the catalog has none */
  async read(wanted: string[]): Promise<Array<Entity | undefined>> {
    if (wanted.length === 0) {
      return [];
    }
    const refs = wanted.map(ref => stringifyEntityRef(parseEntityRef(ref)));
    const { answer } = this.#join(refs);
    const entities = await answer;
    return refs.map(ref => entities.get(ref));
  }

  #join(refs: string[]): Question {
    if (!this.#next || this.#next.refs.size + refs.length > MAX_REFS) {
      this.#next = this.#prepare();
    }
    const question = this.#next;
    refs.forEach(ref => question.refs.add(ref));
    return question;
  }

  #prepare(): Question {
    const refs = new Set<string>();
    const turn = new Promise<void>(resolve => {
      setImmediate(resolve);
    });
    const question: Question = {
      refs,
      answer: turn.then(() => {
        if (this.#next === question) {
          this.#next = undefined;
        }
        return this.#ask([...refs]);
      }),
    };
    return question;
  }

  async #ask(entityRefs: string[]): Promise<Map<string, Entity | undefined>> {
    const { items } = await this.#catalog.getEntitiesByRefs(
      { entityRefs },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    return new Map(entityRefs.map((ref, index) => [ref, items[index]]));
  }
}
