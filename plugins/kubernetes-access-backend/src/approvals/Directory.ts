import type { AuthService } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import {
  parseEntityRef,
  RELATION_CHILD_OF,
  RELATION_HAS_MEMBER,
  RELATION_PARENT_OF,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { normaliseEntityRefs } from '../requests/entityRefs';
import { EntityReader } from './EntityReader';

/** How deep groups may be nested, and how many may be visited; a catalog beyond that is cut off, not followed. */
const MAX_DEPTH = 10;
const MAX_GROUPS = 500;

/**
 * People and groups as the catalog has them, seen by the back end itself: who may approve must not depend on what
 * the caller may see.
 */
export class Directory {
  readonly #entities: EntityReader;

  constructor(options: { catalog: CatalogService; auth: AuthService }) {
    this.#entities = new EntityReader(options);
  }

  /** An entity, whoever may see it. */
  async entity(ref: string): Promise<Entity | undefined> {
    const [entity] = await this.#entities.read([ref]);
    return entity;
  }

  /** The refs with all groups above the groups among them. */
  async withParents(refs: string[]): Promise<string[]> {
    const visited = await this.#walk(refs, RELATION_CHILD_OF);
    return [...new Set([...refs, ...visited.keys()])];
  }

  /** The users among the refs, and the members of the groups among them and of the groups below those. */
  async usersOf(refs: string[]): Promise<string[]> {
    const groups = await this.#walk(refs, RELATION_PARENT_OF);
    const members = [...groups.values()].flatMap(group =>
      targetsOf(group, RELATION_HAS_MEMBER),
    );
    return [...new Set([...refs, ...members])]
      .filter(ref => isKind(ref, 'user'))
      .sort();
  }

  /** Groups that can be reached over a relation, level by level; each is visited once, so cycles end. */
  async #walk(start: string[], relation: string): Promise<Map<string, Entity>> {
    const visited = new Map<string, Entity>();
    let next = start.filter(ref => isKind(ref, 'group'));
    for (let depth = 0; depth < MAX_DEPTH && next.length > 0; depth++) {
      const groups = await this.#groups(next.slice(0, MAX_GROUPS));
      for (const group of groups) {
        visited.set(stringifyEntityRef(group), group);
      }
      next = [...new Set(groups.flatMap(group => targetsOf(group, relation)))]
        .filter(ref => isKind(ref, 'group') && !visited.has(ref))
        .slice(0, MAX_GROUPS - visited.size);
    }
    return visited;
  }

  async #groups(entityRefs: string[]): Promise<Entity[]> {
    const entities = await this.#entities.read(entityRefs);
    return entities.filter(entity => entity !== undefined);
  }
}

function targetsOf(entity: Entity, type: string): string[] {
  const relations = entity.relations ?? [];
  return normaliseEntityRefs(
    relations
      .filter(relation => relation.type === type)
      .map(relation => relation.targetRef),
  );
}

function isKind(ref: string, kind: string): boolean {
  return parseEntityRef(ref).kind.toLocaleLowerCase('en-US') === kind;
}
