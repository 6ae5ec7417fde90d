import type { Knex } from 'knex';
import { isPostgres } from './rawConnection';
import { foldCase } from './searchText';

/** What a version wrote that kept no text to search in; it has one from its next change on. */
const UNTIL_THEN = {
  postgres: `lower(entity_ref || ' ' || requester || ' ' || (terms::json ->> 'reason'))`,
  sqlite: `lower(entity_ref || ' ' || requester || ' ' || json_extract(terms, '$.reason'))`,
} as const;

/**
 * Narrows a query to requests in whose entity, requester, deciders or reason a word stands, in upper or lower case.
 *
 * An index for that would need an extension that not every database has, so that each request is looked at: one text
 * of each, in which nothing has to be folded, parsed or joined any more.
 */
export function whereWord(builder: Knex.QueryBuilder, word: string): void {
  const [position, untilThen] = isPostgres(builder)
    ? ['strpos', UNTIL_THEN.postgres]
    : ['instr', UNTIL_THEN.sqlite];
  builder.whereRaw(`${position}(coalesce(search_text, ${untilThen}), ?) > 0`, [
    foldCase(word),
  ]);
}
